"""Reasons: why a plan is advised, what binds it, and what would have to change if none fits.

In words that a borrower understands; amounts in the loan's currency.
"""

from __future__ import annotations

from dataclasses import replace

from restructure import metrics
from restructure.advice import Advice, Found, Limits
from restructure.engine import build
from restructure.errors import RestructureError
from restructure.loan import Loan
from restructure.measures import Plan, parse_plans
from restructure.words import Text, capital, join, say

ROLES = ("cheapest", "lender", "quickest")
_LONGEST = 1200


def roles(advice: Advice, found: Found) -> list[str]:
    """Return for whom a plan of the front is the best: cheapest, lender, quickest."""
    return [role for role in ROLES if getattr(advice, role) is found]


def shock(advice: Advice) -> str:
    """Return what the capacity says of the shock: none, temporary or permanent.

    Against the highest instalment as agreed: temporary if the capacity is below it for a while
    and reaches it in the end, permanent if it never does.
    """
    agreed = max(advice.agreed.payment, default=0)
    if advice.capacity.last < agreed:
        return "permanent"
    below = advice.capacity.least(1, max(len(advice.agreed), 1)) < agreed
    return "temporary" if below or advice.loan.arrears.total else "none"


def reason(advice: Advice, found: Found) -> str:
    """Return one sentence: why the plan fits, what is paid, and what it is best in."""
    if not found.plan.text:
        return say("No relief is needed: every instalment as agreed can be paid.")
    if (first := advice.cheapest) is not None and first is not found:
        return _trade(advice, found, first)
    return say(
        "{why}: {pays}; {best}.",
        why=_why(advice, found),
        pays=_pays(advice, found),
        best=_best_in(advice, found),
    )


def _why(advice: Advice, found: Found) -> str:
    paid = found.schedule.payment
    noun = advice.loan.every.noun
    pause = next((row for row, amount in enumerate(paid) if amount), 0)
    longer = len(paid) > len(advice.agreed) + pause
    kind = shock(advice)
    if kind == "permanent":
        if len(paid) > len(advice.agreed):
            how = say("the instalment has to be lower over a longer term")
        else:
            how = say("the instalment has to fall")
        if not pause:
            return say("The household can pay less for good, so {how}", how=how)
        return say(
            "The household can pay less for good, so {how}, after a pause of {span} in which "
            "nothing can be paid",
            how=how,
            span=noun(pause),
        )
    if kind == "none":
        return say("The loan as agreed could be kept; this plan is possible besides")
    ends = advice.capacity.steps[-1].start - 1
    enough = _enough(advice, found, pause, longer)
    if not ends:
        return capital(enough)
    return say("The shortfall ends after {span}, so {enough}", span=noun(ends), enough=enough)


def _enough(advice: Advice, found: Found, pause: int, longer: bool) -> Text:
    """Say which relief is enough for a shortfall that ends."""
    noun, paid, early = advice.loan.every.noun, found.schedule.payment, found.schedule.regular_from
    if pause and longer:
        return say("a pause of {span} with a longer term is enough", span=noun(pause))
    if pause:
        return say("a pause of {span} is enough", span=noun(pause))
    if early and paid[0] < paid[early]:
        if longer:
            return say("a lower payment for {span} and a longer term are enough", span=noun(early))
        return say("a lower payment for {span} is enough", span=noun(early))
    return say("a longer term is enough") if longer else say("this plan is enough")


def _pays(advice: Advice, found: Found) -> str:
    """Return what is paid, run by run, and for how long in all."""
    text, every = advice.loan.currency.text, advice.loan.every
    schedule = found.schedule
    paid, start = schedule.payment, schedule.regular_from
    parts: list[str] = []
    early = paid[:start]
    row = 0
    while row < len(early):
        end = row
        while end + 1 < len(early) and early[end + 1] == early[row]:
            end += 1
        span = every.noun(end - row + 1)
        if early[row]:
            amount = say("{amount} a {unit}", amount=text(early[row]), unit=every.word())
            parts.append(say("{amount} for {span}", amount=amount, span=span))
        else:
            parts.append(say("nothing for {span}", span=span))
        row = end + 1
    usual = metrics.usual_payment(schedule)
    parts.append(say("{amount} a {unit}", amount=text(usual), unit=every.word()))
    if paid[-1] > usual + len(paid):
        parts.append(say("{paid} at the end", paid=text(paid[-1])))
    if len(parts) > 3:
        low, high = text(min(paid)), text(max(paid))
        parts = [say("{low} to {high} a {unit}", low=low, high=high, unit=every.word())]
    agreed, pays, length = len(advice.agreed), join(say(", then "), parts), every.noun(len(paid))
    if len(paid) == agreed:
        return say("{pays}, {length} in all", pays=pays, length=length)
    return say(
        "{pays}, {length} in all in place of {agreed}", pays=pays, length=length, agreed=agreed
    )


def _trade(advice: Advice, found: Found, first: Found) -> str:
    """Say what a plan gives for what it costs more than the cheapest one."""
    text, noun = advice.loan.currency.text, advice.loan.every.noun
    mine, other = found.figures, first.figures
    gains: list[str] = []
    if mine.highest < other.highest:
        lower = text(other.highest - mine.highest)
        gains.append(say("the highest instalment is {lower} lower", lower=lower))
    if mine.periods < other.periods:
        gains.append(say("it is repaid {span} sooner", span=noun(other.periods - mine.periods)))
    less = other.npv_loss - mine.npv_loss
    noise = less <= mine.periods
    if less > 0 and noise and (found is advice.lender or not gains):
        # Nobody should take such a plan for the lender's loss: say how little it is.
        gains.append(say("the lender loses {less} less, which is only rounding", less=text(less)))
    elif less > 0 and not noise:
        gains.append(say("the lender loses {less} less", less=text(less)))
    if found is advice.quickest:
        gains.append(say("none is repaid sooner"))
    return say(
        "For {more} more than {name}, {gains}: {pays}.",
        more=text(mine.total_paid - other.total_paid),
        name=first.plan.name,
        gains=_listed(gains),
        pays=_pays(advice, found),
    )


def _best_in(advice: Advice, found: Found) -> str:
    text, best = advice.loan.currency.text, roles(advice, found)
    more = found.figures.total_paid - metrics.total_paid(advice.agreed)
    if more >= 0:
        cost = say("{amount} more than as agreed", amount=text(more))
    else:
        cost = say("{amount} less than as agreed", amount=text(-more))
    loss = found.figures.npv_loss
    claims: list[str] = []
    if "cheapest" in best:
        claims.append(say("of the plans that fit it costs least, {cost}", cost=cost))
    if "quickest" in best:
        claims.append(say("none is repaid sooner"))
    if "lender" in best and loss > 0:
        claims.append(
            say("the lender loses {loss} in present value, the least of all", loss=text(loss))
        )
    elif "lender" in best:
        claims.append(say("the lender loses nothing in present value"))
    return _listed(claims)


def _listed(claims: list[str]) -> str:
    if len(claims) == 1:
        return claims[0]
    return say("{claims}, and {last}", claims=join(say(", "), claims[:-1]), last=claims[-1])


def binds(advice: Advice, found: Found) -> list[str]:
    """Return what keeps the plan from being better: the tightest periods, and limits reached."""
    loan, capacity, paid = advice.loan, advice.capacity, found.schedule.payment
    text = loan.currency.text
    tight: list[tuple[int, str]] = []
    steps = [step for step in capacity.steps if step.start <= len(paid)]
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        last = len(paid) if after is None else after.start - 1
        slack = step.amount - max(paid[step.start - 1 : last])
        span = loan.every.span(step.start, last)
        if not step.amount:
            words = say("nothing can be paid in {span}", span=span)
        elif not slack:
            words = say(
                "all of the {amount} that can be paid in {span} is needed",
                amount=text(step.amount),
                span=span,
            )
        else:
            words = say(
                "of the {amount} that can be paid in {span}, {slack} is left",
                amount=text(step.amount),
                span=span,
                slack=text(slack),
            )
        tight.append((slack, words))
    found_ = [words for slack, words in tight if slack == min(tight)[0]]
    longest = advice.limits.longest_term
    if longest is not None and len(paid) >= longest:
        found_.append(say("the longest term allowed, {span}", span=loan.every.noun(longest)))
    most = advice.limits.npv_loss_rate
    if found.npv_loss_rate > 0.9 * most:
        found_.append(say("the largest loss allowed, {most:g} %", most=most * 100))
    return found_


def changes(advice: Advice) -> list[str]:
    """Return what would have to change for a plan to fit, where none does."""
    found, loan = advice.nearest, advice.loan
    lines = _without_limits(advice)
    if found is None:
        return lines or [say("None of the plans offered can be carried out.")]
    text, unit = loan.currency.text, loan.every.word()
    paid = found.schedule.payment
    steps = [step for step in advice.capacity.steps if step.start <= len(paid)]
    more = []
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        last = len(paid) if after is None else after.start - 1
        over = max(paid[step.start - 1 : last]) - step.amount
        if over > 0:
            span = loan.every.span(step.start, last)
            more.append(
                say("{over} more a {unit} in {span}", over=text(over), unit=unit, span=span)
            )
    lines.insert(
        0,
        say("With {more}, {name} would fit.", more=join(say(" and "), more), name=found.plan.name),
    )
    return [*lines, _longer(advice, found.plan)]


def _without_limits(advice: Advice) -> list[str]:
    free = Limits(None, float("inf"))
    if advice.limits == free:
        return []
    wider = Advice(advice.loan, advice.capacity, advice.family, free, advice.agreed)
    best, limits = wider.lender, advice.limits
    if best is None:
        if advice.nearest is None and wider.nearest is not None:
            return [say("Every plan offered passes the longest term or the largest loss allowed.")]
        return []
    why = []
    if best.npv_loss_rate > limits.npv_loss_rate:
        why.append(
            say(
                "the lender to lose {loss:.2f} % (at most {most:g} % is allowed)",
                loss=best.npv_loss_rate * 100,
                most=limits.npv_loss_rate * 100,
            )
        )
    if limits.longest_term is not None and best.figures.periods > limits.longest_term:
        noun = advice.loan.every.noun(best.figures.periods)
        why.append(
            say(
                "a term of {noun} (at most {longest_term} are allowed)",
                noun=noun,
                longest_term=limits.longest_term,
            )
        )
    return [
        say("{name} fits, but needs {what}.", name=best.plan.name, what=join(say(" and "), why))
    ]


def _longer(advice: Advice, plan: Plan) -> str:
    """Say which longer term would make the plan fit, or which pause, or that neither does."""
    noun = advice.loan.every.noun
    rest = Plan("", "", tuple(m for m in plan.measures if m.name not in ("extend", "reduce")))
    if added := _least_added(advice, rest):
        words = "+".join([*(m.text for m in rest.measures), f"extend:{added}"])
        return say("A term longer by {span} would do ({words}).", span=noun(added), words=words)
    loan, text = advice.loan, advice.loan.currency.text
    interest = loan.bearing * loan.path[0].num // loan.path[0].den
    if advice.capacity.last <= interest:
        return say(
            "However long the term, it would not fit: the interest alone is about {interest} a "
            "{unit}, and {amount} can be paid in the end.",
            interest=text(interest),
            unit=loan.every.word(),
            amount=text(advice.capacity.last),
        )
    starts = [step.start for step in advice.capacity.steps if step.amount > interest]
    if (pause := starts[0] - 1) > 0:
        (paused,) = parse_plans([f"defer:{pause}"])
        added = _least_added(advice, paused)
        if added is not None:
            words = f"{paused.text}+extend:{added}" if added else paused.text
            if not added:
                return say("A pause of {span} would do ({words}).", span=noun(pause), words=words)
            return say(
                "A pause of {span} and a term longer by {longer} would do ({words}).",
                span=noun(pause),
                longer=noun(added),
                words=words,
            )
    return say("No longer term would do, with or without a pause.")


def _least_added(advice: Advice, plan: Plan) -> int | None:
    """Return how many instalments make a plan fit at least; None if no number does."""
    try:
        loan = plan.apply(advice.loan)
    except RestructureError:
        return None
    if _fits(advice, loan, 0):
        return 0
    low, high = 0, 1
    while not _fits(advice, loan, high):
        low, high = high, 2 * high
        if high >= _LONGEST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _fits(advice, loan, middle) else (middle, high)
    return high


def _fits(advice: Advice, loan: Loan, added: int) -> bool:
    longer = replace(loan, count=loan.count + added, extended=added, anew=True, fixed=None)
    try:
        return advice.capacity.passed_by(build(longer).payment) <= 0
    except RestructureError:
        return False
