"""The ACTUS contract tests: annuities, amortisers and bullets with every date and figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import restructure as rs
from conformance import Case, Row, Source, Unsupported, compared, rows_of
from restructure.dates import on_day, shift
from restructure.rates import Every, parse_every

CONVENTION = """\
Amounts are worked out with `decimals = 12`, since ACTUS rounds nothing, and compared within
1e-8. Where a contract prints its rates to ten decimals, its own figures carry more of them than
the rates it gives, and the tolerance is what half a unit of the last decimal comes to.

| ACTUS | here |
|---|---|
| ANN (level), NAM (payment given), LAM (equal principal), LAX (principal by schedule), PAM | \
`method` level, level with `payment`, equal-principal, equal-principal with `principal_parts`, \
interest-only |
| initial exchange date; status date of a running loan | `start` |
| first date of the cycle; on the initial exchange date | `first_due`; then paid in advance |
| maturity or amortisation date off the cycle | `maturity`; at 23:59:59 it is the next day |
| maturity before the amortisation date | the `payment` of the longer loan, and `maturity` |
| interest in a rhythm of its own, principal in two | an instalment each month, \
`principal_parts` of 0 between them, `interest_months` |
| interest before principal falls due | `interest-only:N` |
| interest capitalised up to a date | `defer:N` |
| rate resets | `rate_changes`; a payment that is given stays |
| A365, A360, AA, 30E360 | `day_count` act/365f, act/360, act/act isda, 30e/360 |
| SCF, SCMF, SCP, SCMP on the calendar Monday to Friday | `business_days` |
| end of month | `due_day = 31` |
| accrued interest at the start | `overdue_interest` |
"""

DAY_COUNTS = {"A365": "act/365f", "A360": "act/360", "AA": "act/act isda", "30E360": "30e/360"}
METHODS = {
    "ANN": "level",
    "NAM": "level",
    "LAM": "equal-principal",
    "LAX": "equal-principal",
    "PAM": "interest-only",
}
BUSINESS_DAYS = {
    "SCF": "following",
    "SCMF": "modified-following",
    "SCP": "preceding",
    "SCMP": "modified-preceding",
    "CSF": "following-unadjusted",
    "CSMF": "modified-following-unadjusted",
    "CSP": "preceding-unadjusted",
    "CSMP": "modified-preceding-unadjusted",
}


class Cycle:
    """An ACTUS cycle such as P1ML0: one month, a long last period."""

    def __init__(self, anchor: str, text: str, end_of_month: bool) -> None:
        size, unit, stub = re.fullmatch(r"P(\d+)([DWMQHY])L([01])", text).groups()  # type: ignore[union-attr]
        times, name = {
            "D": (1, "days"), "W": (1, "weeks"), "M": (1, "months"), "Q": (3, "months"),
            "H": (6, "months"), "Y": (12, "months"),
        }[unit]  # fmt: skip
        self.every: Every = parse_every(f"{int(size) * times} {name}")
        self.anchor = date.fromisoformat(anchor[:10])
        self.long = stub == "0"
        last = on_day(self.anchor, 31) == self.anchor
        self.due_day = 31 if end_of_month and last and self.every.unit == "month" else 0

    def day(self, k: int) -> date:
        """Return the k-th date of the cycle."""
        day = shift(self.anchor, self.every, k)
        return on_day(day, self.due_day) if self.due_day else day

    def until(self, end: date) -> list[date]:
        """Return the dates up to `end`, which is the last; a long last period takes two."""
        days = [self.day(0)]
        while days[-1] < end:
            days.append(self.day(len(days)))
        if days[-1] > end:
            days = [*days[: -2 if self.long and len(days) > 2 else -1], end]
        return days


class Contract:
    """The terms of a case in our words."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.terms: dict[str, Any] = dict(case["terms"])
        terms = self.terms
        self.kind = terms["contractType"]
        if self.kind == "LAX":
            self._plain_arrays()
        status, exchange = terms["statusDate"][:10], terms["initialExchangeDate"][:10]
        self.running = exchange < status
        self.start = date.fromisoformat(max(status, exchange))
        end_of_month = terms.get("endOfMonthConvention") == "EOM"
        self.interest = self._cycle("InterestPayment", end_of_month)
        self.principal = self._cycle("PrincipalRedemption", end_of_month) or self.interest
        self.interest = self.interest or self.principal
        self.payment = terms.get("nextPrincipalRedemptionPayment")
        self.rates = case.get("rates", [])

    def _plain_arrays(self) -> None:
        for name in [name for name in self.terms if name.startswith("array")]:
            if isinstance(self.terms[name], list):
                raise Unsupported("arrays")
            plain = name.removeprefix("array")
            self.terms[plain[0].lower() + plain[1:]] = self.terms[name]

    def _cycle(self, what: str, end_of_month: bool) -> Any:
        text = self.terms.get(f"cycleOf{what}")
        anchor = self.terms.get(f"cycleAnchorDateOf{what}")
        return Cycle(anchor, text, end_of_month) if text and anchor else None

    @property
    def end(self) -> tuple[date | None, bool]:
        """The last date, if the contract gives one, and whether it means the end of that day."""
        terms = self.terms
        text = (
            terms.get("maturityDate") or terms.get("amortizationDate") or self.case.get("maturity")
        )
        if text is None:
            return None, False
        return date.fromisoformat(text[:10]), text.endswith("23:59:59")

    def days(self, end: date) -> list[date]:
        """Return all due dates: those of interest, of which those of principal are a part."""
        days = self.interest.until(end)
        if "capitalizationEndDate" in self.terms:
            capitalised = date.fromisoformat(self.terms["capitalizationEndDate"][:10])
            days = sorted({*days, capitalised})
        if not set(self.principal.until(end)) <= set(days):
            raise Unsupported("interest and principal fall due on different rhythms")
        return days

    def values(self, days: Sequence[date], first: date) -> dict[str, Any]:
        """Return what Loan.of takes, but for what sets the instalment."""
        terms = self.terms
        discount = terms.get("premiumDiscountAtIED", 0)
        values = {
            "principal": terms["notionalPrincipal"],
            "rate": f"{terms['nominalInterestRate'] * 100:.12f}%",
            "method": METHODS[self.kind],
            "start": self.start,
            "first_due": first,
            "every": self.principal.every,
            "day_count": DAY_COUNTS[terms["dayCountConvention"]],
            "decimals": 12,
            "term": len(days),
        }
        if self.rates:
            values["rate_changes"] = ",".join(
                f"{day}={rate * 100:.13f}%" for day, rate in self.rates
            )
        if terms.get("calendar") == "MF" and terms.get("businessDayConvention"):
            values["business_days"] = BUSINESS_DAYS[terms["businessDayConvention"]]
        if self.principal.due_day:
            values["due_day"] = self.principal.due_day
        if discount < 0:
            values["fee"] = -discount
        return values


def term_of(contract: Contract, values: dict[str, Any]) -> int:
    """Return the number of instalments where the contract gives only what each pays."""
    if contract.kind == "ANN":
        given = {name: value for name, value in values.items() if name != "term"}
        found = rs.Loan.of(**given, payment=contract.payment)
        return found.term
    return -(-int(values["principal"]) // int(contract.payment))


def moves(loan: rs.Loan, days: Sequence[date], until: int) -> str:
    """Return the measures that put the due dates up to number `until` on their days."""
    calendar, plan = loan.calendar, []
    assert calendar is not None
    for k, day in enumerate(days[:until]):
        natural = calendar.unmoved(k)
        if natural != day:
            plan.append(f"move:{natural},to={day}")
            calendar = calendar._replace(shifted=(*calendar.shifted, (k, day)))
    return "+".join(plan)


def other_rhythm(case: Case) -> bool:
    """Whether interest falls due in months of its own, beside principal."""
    terms = case["terms"]
    if isinstance(terms.get("arrayCycleOfPrincipalRedemption"), list):
        return True
    cycles = [terms.get(f"cycleOf{what}") for what in ("PrincipalRedemption", "InterestPayment")]
    return terms["contractType"] == "LAM" and None not in cycles and cycles[0] != cycles[1]


def on_months(case: Case) -> list[Row]:
    """Return our rows where interest and principal have rhythms of their own, all in months.

    The loan has an instalment each month; those without principal have parts of 0, and interest
    falls due in its months. Interest paid is the payment less the part of principal.
    """
    terms = case["terms"]
    start = date.fromisoformat(terms["initialExchangeDate"][:10])

    def listed(name: str) -> list[Any]:
        found = terms.get(f"array{name[0].upper()}{name[1:]}", terms.get(name))
        return found if isinstance(found, list) else [found]

    interest = Cycle(
        listed("cycleAnchorDateOfInterestPayment")[0], listed("cycleOfInterestPayment")[0], False
    )
    size = interest.every.size
    months = {(interest.anchor.month - 1 + size * k) % 12 + 1 for k in range(12)}
    anchors = listed("cycleAnchorDateOfPrincipalRedemption")
    cycles = [
        Cycle(*pair, False)
        for pair in zip(anchors, listed("cycleOfPrincipalRedemption"), strict=True)
    ]
    signs = [-1 if way == "INC" else 1 for way in listed("increaseDecrease")]
    pays = listed("nextPrincipalRedemptionPayment")
    grid = Cycle(str(on_first(start)), "P1ML1", False)
    balance, parts, days = terms["notionalPrincipal"], [], []
    while balance > 0:
        day = grid.day(len(days))
        part = 0
        for cycle, sign, pay, until in zip(cycles, signs, pays, [*anchors[1:], "9"], strict=True):
            inside = str(cycle.anchor) <= str(day) < until[:10]
            if inside and any(cycle.day(k) == day for k in range(400)):
                part = sign * pay
        days.append(day)
        parts.append(min(part, balance))
        balance -= parts[-1]
    loan = rs.Loan.of(
        principal=terms["notionalPrincipal"],
        term=len(days),
        rate=f"{terms['nominalInterestRate'] * 100:.12f}%",
        method="equal-principal",
        principal_parts=parts,
        interest_months=sorted(months),
        start=start,
        first_due=days[0],
        day_count=DAY_COUNTS[terms["dayCountConvention"]],
        decimals=12,
        rate_changes=[f"{day}={rate * 100:.13f}%" for day, rate in case.get("rates", [])] or None,
    )
    rows, left = [], float(terms["notionalPrincipal"])
    schedule = rs.compare(loan, []).agreed.rows
    for row, part in zip(schedule, parts, strict=True):
        left -= part
        rows.append((str(row.due), float(row.payment) - part, float(row.payment), left))
    return rows


def on_first(start: date) -> date:
    """Return the first of the month after a day."""
    return shift(on_day(start, 1), parse_every("month"), 1)


def difference(case: Case) -> str:
    """Return how our schedule of a case differs from the events of ACTUS, "" if it does not."""
    if other_rhythm(case):
        theirs = [tuple(row) for row in case["rows"]]
        ours = [row for row in on_months(case) if row[1] or row[2]]
        return compared(ours, theirs, 1e-8)  # type: ignore[arg-type]
    contract = Contract(case)
    end, end_of_day = contract.end
    first = min(contract.interest.anchor, contract.principal.anchor)
    values = contract.values([first], first)
    if end is None:
        lead = sum(1 for k in range(600) if contract.interest.day(k) < contract.principal.anchor)
        count = term_of(contract, values)
        end = contract.principal.day(count - 1)
        days = contract.days(end)
        assert len(days) >= lead
    else:
        days = contract.days(end)
        end += timedelta(days=end_of_day)
        days[-1] = end
    ours = [row for row in schedule_rows(contract, days) if row[1] or row[2]]
    if end_of_day:
        ours[-1] = (str(end - timedelta(days=1)), *ours[-1][1:])
    theirs: list[Row] = [tuple(row) for row in case["rows"]]  # type: ignore[misc]
    return compared(ours, theirs, tolerance(contract, days))


def tolerance(contract: Contract, days: Sequence[date]) -> float:
    """Return 1e-8, or what half a unit of the last decimal of the rates comes to, if more."""
    digits = max((len(f"{rate!r}".partition(".")[2]) for _, rate in contract.rates), default=16)
    years = (days[-1] - contract.start).days / 365
    coarse = 0.5 * 10.0**-digits * contract.terms["notionalPrincipal"] * years
    return max(1e-8, coarse if digits <= 10 else 0)


def schedule_rows(contract: Contract, days: Sequence[date]) -> list[Row]:
    """Return our rows on the due dates of the contract."""
    grace = [day for day in days if day < contract.principal.anchor]
    if contract.payment and contract.kind != "ANN" and grace:
        return after_grace(contract, grace, days[len(grace) :])
    values = contract.values(days, days[0])
    if "capitalizationEndDate" in contract.terms or grace:
        values["every"] = contract.principal.every
    values |= prescribed(contract)
    amortised = contract.terms.get("amortizationDate")
    if "maturityDate" in contract.terms and amortised and contract.kind == "ANN":
        whole = contract.days(date.fromisoformat(amortised[:10]))
        longer = rs.Loan.of(**{**values, "term": len(whole)})
        payment = rs.build(longer).payment[0]
        values["payment"] = longer.currency.decimal(payment)
    return planned(contract, values, days, grace)


def prescribed(contract: Contract) -> dict[str, str]:
    """Return the payment, or the part of principal, that the contract gives."""
    payment = contract.payment
    if payment is None:
        return {}
    if contract.kind in ("NAM", "ANN"):
        return {"payment": f"{payment:.12f}"}
    increase = contract.terms.get("increaseDecrease") == "INC"
    return {"principal_parts": f"{-payment if increase else payment}"}


def planned(
    contract: Contract, values: dict[str, Any], days: Sequence[date], grace: Sequence[date]
) -> list[Row]:
    """Return the rows of a loan whose grace is a plan: paused, then interest only."""
    before: list[Row] = []
    if accrued := contract.terms.get("accruedInterest"):
        if contract.running or days[0] != contract.start:
            raise Unsupported("interest accrued before the first day")
        before = [(str(days[0]), accrued, accrued, values["principal"])]
        days = days[1:]
        values = {
            **{name: value for name, value in values.items() if name != "principal"},
            "outstanding": values["principal"],
            "overdue_interest": accrued,
            "first_due": days[0],
            "remaining": len(days),
        }
        del values["term"]
    loan = rs.Loan.of(**values)
    shifted = moves(loan, days, len(days) - 1)
    calendar = loan.calendar
    if shifted:
        calendar = rs.parse_plan(shifted).apply(rs.locate(loan)).calendar
    assert calendar is not None
    if calendar.unmoved(len(days) - 1) != days[-1]:
        loan = rs.Loan.of(**values, maturity=days[-1])
    paused = sum(1 for day in grace if str(day) <= contract.terms.get("capitalizationEndDate", ""))
    plan = [f"defer:{paused},keep=maturity"] if paused else []
    if len(grace) > paused:
        plan.append(f"interest-only:{len(grace) - paused}")
    plan += [shifted] if shifted else []
    comparison = rs.compare(loan, ["+".join(plan)] if plan else [])
    line = comparison.plans[-1]
    return before + rows_of(line.schedule)


def after_grace(contract: Contract, grace: Sequence[date], rest: Sequence[date]) -> list[Row]:
    """Return the rows of a contract whose payment is given, in two steps.

    Up to the last day before principal falls due: paused, or interest alone. From that day:
    the contract's payment on what is owed then.
    """
    values = contract.values([*grace, rest[0]], grace[0])
    values["method"] = METHODS["PAM"]
    rows = planned(contract, values, [*grace, rest[0]], grace)[: len(grace)]
    later = contract.values(rest, rest[0])
    later |= {"start": grace[-1], "principal": f"{rows[-1][3]:.12f}", **prescribed(contract)}
    passed = [rate for day, rate in contract.rates if day <= str(grace[-1])]
    if passed:
        later["rate"] = f"{passed[-1] * 100:.13f}%"
    contract.start = grace[-1]
    return rows + planned(contract, later, rest, [])


NOT_MET: dict[str, str] = {}

SOURCE = Source("ACTUS", "actus", CONVENTION, difference, NOT_MET)
