"""A programme at work on a loan: step by step, until its target is met or its caps are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from restructure.arrears import Arrears
from restructure.engine import build, level_payment
from restructure.errors import InvalidValue, Refused, UnknownName, nearest, shown
from restructure.fields import count
from restructure.interest import interest_of
from restructure.loan import LEVEL, Loan, Stretch
from restructure.metrics import usual_payment
from restructure.money import number
from restructure.position import locate
from restructure.programmes._file import ORIGINAL_TERM, Programme, Ref, Step
from restructure.rates import Rate, percent_text
from restructure.schedule import Schedule
from restructure.series import Series
from restructure.words import Text, join, say


class Done(NamedTuple):
    """A step and its effect: what was done in words, and the loan after it.

    `instalment` is the level one, `ratio` the debt to the property's value (None without it).
    """

    step: Step | None
    words: str
    applied: bool
    loan: Loan
    instalment: int
    ratio: float | None
    met: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a programme did. `met`: whether its target is met or an offer is allowed without."""

    programme: Programme
    before: Loan
    target: int | None
    """The instalment aimed at, in minor units; None where the capacity of each period counts."""
    done: tuple[Done, ...]
    met: bool
    stopped: str
    facts: dict[str, Any]

    @property
    def schedule(self) -> Schedule:
        """The schedule after the last step."""
        return build(self.done[-1].loan)

    @property
    def notes(self) -> list[str]:
        """The source, and what of the programme is not confirmed."""
        notes = [say("Source: {source}", source=self.programme.source)]
        notes += [say("Not confirmed: {text}", text=text) for text in self.programme.unconfirmed]
        return [*notes, *self.programme.notes]


def run(
    programme: Programme, loan: Loan, facts: Iterable[str] = (), capacity: Series | None = None
) -> Outcome:
    """Run a programme on a loan. Raises RestructureError for facts that are missing or unknown."""
    return _Run(programme, locate(loan), facts, capacity).outcome()


class _Run:
    """The state of one run."""

    def __init__(
        self, programme: Programme, loan: Loan, facts: Iterable[str], capacity: Series | None
    ) -> None:
        self.programme, self.before, self.loan = programme, loan, loan
        self.capacity = capacity
        self.facts = self.read(facts)
        self.added = 0
        self.gross = loan.bearing
        self.target = self.aim()
        if loan.method != LEVEL:
            raise Refused(
                say(
                    "{name}: is for level loans, and this one is {method}.",
                    name=programme.name,
                    method=loan.method,
                )
            )
        months = loan.term / float(loan.every.per_year) * 12
        if programme.longest_original is not None and months > programme.longest_original:
            raise Refused(
                say(
                    "{name}: is for loans of an original term of at most {longest_original} "
                    "months, and this one has {months:g}.",
                    name=programme.name,
                    longest_original=programme.longest_original,
                    months=months,
                )
            )

    def read(self, texts: Iterable[str]) -> dict[str, Any]:
        """Return the facts by name, each read as its kind says."""
        kinds = {fact.name: fact for fact in self.programme.facts}
        found: dict[str, Any] = {}
        for text in texts:
            name, equals, value = text.partition("=")
            name = name.strip()
            if not equals or name not in kinds:
                raise UnknownName(
                    say(
                        "{text} is no fact that {name} asks for.{nearest} It asks for {value}.",
                        text=shown(text),
                        name=self.programme.name,
                        nearest=nearest(name, kinds),
                        value=", ".join(kinds) or "none",
                    ),
                    field="fact",
                )
            field, kind = f"fact {name}", kinds[name].kind
            if kind == "rate":
                found[name] = Rate.of(value.strip(), field, self.before.day_year).annual
            elif kind == "count":
                found[name] = count(value.strip(), field, 0)
            else:
                amount: Decimal = number(value.strip(), field, say("an amount of 0 or more"))
                if amount < 0:
                    raise InvalidValue(say("{value} is negative.", value=shown(value)), field=field)
                found[name] = self.before.currency.minor(amount, field)
        for fact in kinds.values():
            if fact.name not in found:
                if not fact.optional:
                    raise InvalidValue(
                        say(
                            "is missing: {help} Give for instance --fact {name}=",
                            help=fact.help,
                            name=fact.name,
                        )
                        + {"amount": "290000", "rate": "6.625%", "count": "12"}[fact.kind],
                        field=f"fact {fact.name}",
                    )
                found[fact.name] = 0
        if self.programme.target == "income" and "income" not in found:
            raise InvalidValue(
                say("the programme has to ask for it in [facts]."), field="fact income"
            )
        return found

    def aim(self) -> int | None:
        """Return the instalment aimed at; None where the capacity counts."""
        if self.programme.target == "capacity":
            if self.capacity is None and self.programme.kind == "waterfall":
                raise InvalidValue(
                    say(
                        "is missing: the programme stops at what the household can pay. Give "
                        "--capacity or a budget."
                    ),
                    field="capacity",
                )
            return None
        of = self.programme.target
        whole = (self.before.instalment or 0) if of == "instalment" else self.facts["income"]
        exact = self.programme.share * whole
        found = exact.numerator // exact.denominator
        return found - (self.programme.strictly_below and found == exact)

    def met(self, loan: Loan) -> bool:
        """Whether the target is met by a loan."""
        if self.target is not None:
            return _instalment(loan) <= self.target
        if self.capacity is None:
            return False
        try:
            return self.capacity.passed_by(build(loan).payment) <= 0
        except Refused:
            return False

    def ratio(self) -> Fraction | None:
        """Return the debt after capitalisation to the property's value."""
        value = self.facts.get("property_value")
        return Fraction(self.gross, value) if value else None

    def outcome(self) -> Outcome:
        """Return the outcome: each step until the target is met, or each option for itself."""
        if self.programme.kind == "options":
            return self.options()
        done: list[Done] = []
        for step in self.programme.steps:
            # Arrears always join the debt first: the target is judged on what is owed then.
            if done and done[-1].met:
                break
            done.append(self.step(step))
        if done[-1].met:
            stopped = say(
                "The target is met after step {done} ({name}).",
                done=len(done),
                name=_name(done[-1]),
            )
            return Outcome(
                self.programme, self.before, self.target, tuple(done), True, stopped, self.facts
            )
        return self.exhausted(done)

    def exhausted(self, done: list[Done]) -> Outcome:
        """Return the outcome of steps that end above the target."""
        late = self.before.arrears.principal + self.before.arrears.interest
        overdue = late > (self.before.instalment or 0)  # more than one instalment behind
        programme = self.programme
        rule = programme.exhausted_overdue if overdue else programme.exhausted
        new, old = done[-1].instalment, self.before.instalment or 0
        allowed = rule != "none" and (new < old or (rule == "not-above" and new == old))
        stopped = say("All {done} steps are exhausted above the target.", done=len(done))
        if rule != "none":
            stopped += _offer(rule, allowed)
        return Outcome(
            programme, self.before, self.target, tuple(done), allowed, stopped, self.facts
        )

    def options(self) -> Outcome:
        """Return the outcome of a programme whose steps are options of the borrower."""
        done = []
        for step in self.programme.steps:
            self.loan, self.added, self.gross = self.before, 0, self.before.bearing
            done.append(self.step(step))
        fit = [entry for entry in done if entry.met]
        if self.capacity is None:
            stopped = say("Each option stands for itself; none is tested against a capacity.")
        elif fit:
            stopped = say(
                "Within the capacity: {names}.", names=", ".join(_name(entry) for entry in fit)
            )
        else:
            stopped = say("None of the options keeps every payment within the capacity.")
        met = bool(fit) or self.capacity is None
        return Outcome(
            self.programme, self.before, self.target, tuple(done), met, stopped, self.facts
        )

    # -- steps --------------------------------------------------------------------------

    def step(self, step: Step) -> Done:
        """Do one step, unless its condition on the loan to value does not hold."""
        ratio = self.ratio()
        if (step.least_ltv is not None or step.above_ltv is not None) and ratio is None:
            words, applied = say("skipped: the property's value is not known"), False
        elif step.least_ltv is not None and ratio is not None and ratio < step.least_ltv:
            words, applied = (
                say("skipped: {percent} of the value is below the bound", percent=_percent(ratio)),
                False,
            )
        elif step.above_ltv is not None and ratio is not None and ratio <= step.above_ltv:
            words, applied = (
                say("skipped: {percent} of the value is not above", percent=_percent(ratio)),
                False,
            )
        else:
            act = getattr(self, step.do.replace("-", "_"))
            words = act(step.keys)
            applied = not words.startswith("nothing")
        ratio = self.ratio()
        pay = _instalment(self.loan)
        shown_ratio = None if ratio is None else float(ratio)
        return Done(step, words, applied, self.loan, pay, shown_ratio, self.met(self.loan))

    def value(self, value: Any) -> Any:
        """Return the value of a key, or that of the fact it names."""
        return self.facts[value.name] if isinstance(value, Ref) else value

    def capitalise(self, keys: dict[str, Any]) -> str:
        """Let what is overdue join the debt, with the advances; the rest is waived or joins."""
        loan, arrears = self.loan, self.loan.arrears
        unpaid = loan.balance + arrears.principal
        leg = loan.path[0]
        interest = arrears.interest
        waived = arrears.penalty + arrears.fees
        if keys.get("interest") == "simple" and loan.missed:
            interest = loan.missed * interest_of(unpaid, leg.num, leg.den, loan.rounding)
        joined = interest + sum(self.facts[name] for name in keys.get("add", ()))
        if keys.get("penalty", "waive") == "capitalise":
            joined, waived = joined + waived, 0
        self.gross = unpaid + joined
        self.loan = replace(
            loan,
            balance=self.gross,
            count=loan.count + (loan.missed if keys.get("interest") == "simple" else 0),
            arrears=Arrears(),
            forgiven=loan.forgiven + (0 if keys.get("interest") == "simple" else waived),
            anew=True,
        )
        text = loan.currency.text
        if self.gross == loan.balance:
            return say("nothing is overdue")
        return say(
            "{joined} joins the {unpaid} that is unpaid: {gross}",
            joined=text(joined),
            unpaid=text(unpaid),
            gross=text(self.gross),
        )

    def cut_rate(self, keys: dict[str, Any]) -> str:
        """Cut the rate step by step down to the floor, until the target is met."""
        floor, by, rate = self.value(keys["floor"]), self.value(keys["by"]), self.loan.rate
        if rate <= floor:
            return say(
                "nothing: {rate} is not above {floor}",
                rate=percent_text(rate),
                floor=percent_text(floor),
            )
        while rate > floor and not self.met(self.loan):
            rate = max(rate - by, floor)
            self.loan = self.loan.with_rates(lambda _, new=rate: new)
        return say("the rate falls to {rate}", rate=percent_text(rate))

    def extend(self, keys: dict[str, Any]) -> str:
        """Add instalments, some at a time, up to the cap, until the target is met."""
        by, start = keys.get("by", 1), self.loan.count
        if "to" in keys:
            room = self.value(keys["to"]) - start
        else:
            cap = keys["add"]
            room = (self.before.term if cap == ORIGINAL_TERM else self.value(cap)) - self.added
        if room <= 0:
            return say("nothing: the longest term is reached already")
        added = 0
        loan = self.loan
        options = self.programme.kind == "options"
        while added < room and (options or not self.met(self.loan)):
            added = min(added + by, room)
            self.loan = replace(
                loan, count=start + added, extended=loan.extended + added, anew=True
            )
        self.added += added
        return say(
            "{instalments} more, {start} in all",
            instalments=loan.instalments_text(added),
            start=start + added,
        )

    def set_aside(self, keys: dict[str, Any]) -> str:
        """Set principal aside without interest: what meets the target, within the caps."""
        loan, text = self.loan, self.loan.currency.text
        most = [("cap", int(self.value(keys["cap"]) * self.gross))]
        if "down_to" in keys and self.facts.get("property_value"):
            least = self.value(keys["down_to"]) * self.facts["property_value"]
            most.append(("value", max(self.gross - -(-least.numerator // least.denominator), 0)))
        if self.target is not None:
            most.append(("target", max(loan.balance - _worth(loan, self.target), 0)))
        amount = min(amount for _, amount in most)
        if amount <= 0:
            return say("nothing can be set aside")
        self.loan = replace(
            loan, balance=loan.balance - amount, set_aside=loan.set_aside + amount, anew=True
        )
        words = join(
            say(", "),
            [say("{name} {amount}", name=_BOUNDS[name], amount=text(size)) for name, size in most],
        )
        return say(
            "{amount} is set aside without interest (the least of {words})",
            amount=text(amount),
            words=words,
        )

    def defer(self, keys: dict[str, Any]) -> str:
        """Pause as long as nothing can be paid, up to the cap."""
        cap, capacity = self.value(keys["cap"]), self.capacity
        rows = 0
        while capacity is not None and rows < cap and capacity.at(rows + 1) == 0:
            rows += 1
        if not rows:
            return say("nothing: something can be paid from the first period on")
        self.loan = self.loan.then(Stretch(rows, 0, "capitalise"), "count")
        self.added += rows
        return say(
            "a pause of {span}; interest is added to the debt", span=self.loan.every.noun(rows)
        )

    def interest_only(self, keys: dict[str, Any]) -> str:
        """Let interest alone be paid for as many periods as the cap says; the end date stays."""
        rows = min(self.value(keys["cap"]), self.loan.count - 1)
        if rows < 1:
            return say("nothing: too few instalments are left")
        self.loan = self.loan.then(Stretch(rows, 0, "pay"), "maturity")
        return say("interest only for {span}; the end date stays", span=self.loan.every.noun(rows))


_BOUNDS = {"cap": say("cap"), "value": say("value"), "target": say("target")}


def _offer(rule: str, allowed: bool) -> Text:
    """Say how the instalment compares with the old one, and whether an offer is allowed."""
    if rule == "below":
        if allowed:
            return say(" The instalment is below the old one: an offer is allowed.")
        return say(" The instalment is not below the old one: no offer.")
    if allowed:
        return say(" The instalment is not above the old one: an offer is allowed.")
    return say(" The instalment is above the old one: no offer.")


def _instalment(loan: Loan) -> int:
    """Return the level instalment of a loan, or what it usually pays after its stretches."""
    return usual_payment(build(loan)) if loan.stretches else level_payment(loan)


def _worth(loan: Loan, payment: int) -> int:
    """Return the principal that `payment` repays over the loan's count, rounded down.

    A (1 - (1+f)^-n) / f, in whole numbers.
    """
    leg, n = loan.path[-1], loan.count
    if not leg.num:
        return payment * n
    grown: int = (leg.den + leg.num) ** n
    flat: int = leg.den**n
    return payment * leg.den * (grown - flat) // (leg.num * grown)


def _name(done: Done) -> str:
    return done.step.do if done.step else ""


def _percent(ratio: Fraction) -> str:
    return f"{float(ratio) * 100:.2f} %"
