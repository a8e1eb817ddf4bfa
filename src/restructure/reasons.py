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
from restructure.measures import Plan

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
        return "No relief is needed: every instalment as agreed can be paid."
    return f"{_why(advice, found)}: {_pays(advice, found)}; {_best_in(advice, found)}."


def _why(advice: Advice, found: Found) -> str:
    paid = found.schedule.payment
    noun = advice.loan.every.noun
    pause = next((row for row, amount in enumerate(paid) if amount), 0)
    longer = len(paid) > len(advice.agreed) + pause
    kind = shock(advice)
    if kind == "permanent":
        first = f", after a pause of {noun(pause)} in which nothing can be paid" if pause else ""
        if len(paid) > len(advice.agreed):
            how = "the instalment has to be lower over a longer term"
        else:
            how = "the instalment has to fall"
        return f"The household can pay less for good, so {how}{first}"
    if kind == "none":
        return "The loan as agreed could be kept; this plan is possible besides"
    ends = advice.capacity.steps[-1].start - 1
    when = f"The shortfall ends after {noun(ends)}, so " if ends else ""
    if pause:
        with_term = " with a longer term" if longer else ""
        return _upper(f"{when}a pause of {noun(pause)}{with_term} is enough")
    if found.schedule.regular_from and paid[0] < paid[found.schedule.regular_from]:
        with_term = " and a longer term are" if longer else " is"
        start = found.schedule.regular_from
        return _upper(f"{when}a lower payment for {noun(start)}{with_term} enough")
    return _upper(when + ("a longer term is enough" if longer else "this plan is enough"))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _pays(advice: Advice, found: Found) -> str:
    """Return what is paid, run by run, and for how long in all."""
    text, every = advice.loan.currency.text, advice.loan.every
    unit = every.noun(1).split(" ", 1)[1]
    schedule = found.schedule
    paid, start = schedule.payment, schedule.regular_from
    parts = []
    early = paid[:start]
    row = 0
    while row < len(early):
        end = row
        while end + 1 < len(early) and early[end + 1] == early[row]:
            end += 1
        amount = "nothing" if not early[row] else f"{text(early[row])} a {unit}"
        parts.append(f"{amount} for {every.noun(end - row + 1)}")
        row = end + 1
    usual = metrics.usual_payment(schedule)
    parts.append(f"{text(usual)} a {unit}")
    if paid[-1] > usual + len(paid):
        parts.append(f"{text(paid[-1])} at the end")
    if len(parts) > 3:
        parts = [f"{text(min(paid))} to {text(max(paid))} a {unit}"]
    agreed = len(advice.agreed)
    length = f"{every.noun(len(paid))} in all"
    length += f" in place of {agreed}" if len(paid) != agreed else ""
    return f"{', then '.join(parts)}, {length}"


def _best_in(advice: Advice, found: Found) -> str:
    text, best = advice.loan.currency.text, roles(advice, found)
    more = found.figures.total_paid - metrics.total_paid(advice.agreed)
    cost = f"{text(abs(more))} {'more' if more >= 0 else 'less'} than as agreed"
    loss = found.figures.npv_loss
    if "lender" in best and "cheapest" not in best and advice.by_rounding(found):
        # Nobody should take such a plan for its loss: say how little it is.
        less = advice.cheapest.figures.npv_loss - loss if advice.cheapest else 0
        lender = f"the lender's loss is the least, by {text(less)} that rounding makes"
        return f"it costs {cost}, and {lender}"
    if loss > 0:
        lender = f"the lender loses {text(loss)} in present value"
    else:
        lender = "the lender loses nothing in present value"
    claims = []
    if "cheapest" in best:
        claims.append(f"of the plans that fit it costs least, {cost}")
    if "quickest" in best:
        claims.append("none is repaid sooner")
    if "lender" in best:
        claims.append(lender + (", the least of all" if loss > 0 else ""))
    if "cheapest" not in best:
        claims.insert(0, f"it costs {cost}")
    if not best:
        claims.append(f"no instalment is above {text(found.figures.highest)}")
    return ", and ".join([", ".join(claims[:-1]), claims[-1]]) if len(claims) > 1 else claims[0]


def binds(advice: Advice, found: Found) -> list[str]:
    """Return what keeps the plan from being better: the tightest periods, and limits reached."""
    loan, capacity, paid = advice.loan, advice.capacity, found.schedule.payment
    text, unit = loan.currency.text, loan.every.noun(1).split(" ", 1)[1]
    tight: list[tuple[int, str]] = []
    steps = [step for step in capacity.steps if step.start <= len(paid)]
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        last = len(paid) if after is None else after.start - 1
        slack = step.amount - max(paid[step.start - 1 : last])
        span = f"{unit} {step.start}" if step.start == last else f"{unit}s {step.start}-{last}"
        if not step.amount:
            words = f"nothing can be paid in {span}"
        elif not slack:
            words = f"all of the {text(step.amount)} that can be paid in {span} is needed"
        else:
            words = f"of the {text(step.amount)} that can be paid in {span} {text(slack)} is left"
        tight.append((slack, words))
    found_ = [words for slack, words in tight if slack == min(tight)[0]]
    longest = advice.limits.longest_term
    if longest is not None and len(paid) >= longest:
        found_.append(f"the longest term allowed, {loan.every.noun(longest)}")
    most = advice.limits.npv_loss_rate
    if found.npv_loss_rate > 0.9 * most:
        found_.append(f"the largest loss allowed, {most * 100:g} %")
    return found_


def changes(advice: Advice) -> list[str]:
    """Return what would have to change for a plan to fit, where none does."""
    found, loan = advice.nearest, advice.loan
    lines = _without_limits(advice)
    if found is None:
        return lines or ["None of the plans offered can be carried out."]
    text, unit = loan.currency.text, loan.every.noun(1).split(" ", 1)[1]
    paid = found.schedule.payment
    steps = [step for step in advice.capacity.steps if step.start <= len(paid)]
    more = []
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        last = len(paid) if after is None else after.start - 1
        over = max(paid[step.start - 1 : last]) - step.amount
        if over > 0:
            span = f"{unit} {step.start}" if step.start == last else f"{unit}s {step.start}-{last}"
            more.append(f"{text(over)} more a {unit} in {span}")
    lines.insert(0, f"With {' and '.join(more)}, {found.plan.name} would fit.")
    return [*lines, _longer(advice, found.plan)]


def _without_limits(advice: Advice) -> list[str]:
    free = Limits(None, float("inf"))
    if advice.limits == free:
        return []
    wider = Advice(advice.loan, advice.capacity, advice.family, free, advice.agreed)
    best, limits = wider.lender, advice.limits
    if best is None:
        return []
    why = []
    if best.npv_loss_rate > limits.npv_loss_rate:
        why.append(
            f"the lender to lose {best.npv_loss_rate * 100:.2f} % "
            f"(at most {limits.npv_loss_rate * 100:g} % is allowed)"
        )
    if limits.longest_term is not None and best.figures.periods > limits.longest_term:
        noun = advice.loan.every.noun(best.figures.periods)
        why.append(f"a term of {noun} (at most {limits.longest_term} are allowed)")
    return [f"{best.plan.name} fits, but needs {' and '.join(why)}."]


def _longer(advice: Advice, plan: Plan) -> str:
    """Say which longer term would make the plan fit, or that none does."""
    rest = Plan("", "", tuple(m for m in plan.measures if m.name not in ("extend", "reduce")))
    try:
        loan = rest.apply(advice.loan)
    except RestructureError:
        return "No longer term alone would do."
    text, noun = advice.loan.currency.text, advice.loan.every.noun
    low, high = 0, 1
    while high < _LONGEST and not _fits(advice, loan, high):
        low, high = high, 2 * high
    if high >= _LONGEST:
        interest = loan.bearing * loan.path[0].num // loan.path[0].den
        return (
            "However long the term, it would not fit: the interest alone is about "
            f"{text(interest)} a {noun(1).split(' ', 1)[1]}."
        )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _fits(advice, loan, middle) else (middle, high)
    words = f"{rest_text} and " if (rest_text := "+".join(m.text for m in rest.measures)) else ""
    return f"A term longer by {noun(high)} would do ({words}extend:{high})."


def _fits(advice: Advice, loan: Loan, added: int) -> bool:
    longer = replace(loan, count=loan.count + added, extended=added, anew=True, fixed=None)
    try:
        return advice.capacity.passed_by(build(longer).payment) <= 0
    except RestructureError:
        return False
