"""Apache Fineract's golden schedules: rate changes, pauses, moved dates, re-age, re-amortise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import restructure as rs
from conformance import Case, Row, Source, Unsupported, compared, rows_of
from restructure.ledger.account import Account
from restructure.ledger.movements import Movement
from restructure.ledger.terms import Terms
from restructure.rates import parse_every

CONVENTION = """\
Every row is compared to the cent: due date, interest, payment, balance.

| Fineract | here |
|---|---|
| 360 days a year, 30 a month; periods of weeks or days | `day_count` equal (a part of a period by \
its days); act/360 |
| 365 or actual days a year, actual days a month | act/365f, act/act isda |
| 366 only for a period with 29 February | act/365f; act/365a where a period has one |
| actual days a year, a night counted to the year in which it ends | act/act last |
| half-even | `rounding` |
| instalment adjusted so that the last one differs least | `instalment_rounding = even` |
| payment in multiples | `instalment_rounding` |
| flat, at a rate of 0 | level at 0 % |
| down payment of one instalment on the first day | `first_due` on the day of the start |
| grace on principal from the start | `interest-only:N` |
| rate effective from a day | `rate:R,from=` the day before (its night is the first at the new \
rate); flat: the due date before |
| interest pause, first and last day | `interest-pause:` the day before the first, `to=` the last |
| due date adjusted | `move` |
| grace on principal, on interest, from a later instalment | the instalments before as agreed \
(`step:100%xN`), then `interest-only` or `defer` with `to=principal,interest=first` |
| payments, on a product that does not recalculate interest | none: the schedule stays |
| extra terms | `extend`; a second time from the position that the first leaves |
| interest recalculated, money before or after its day | an account with `posting = instalment`; \
early money `overpayment = hold` (next instalment) or `shorten` (last); overdue money assumed \
`overdue = now` (daily) or `next` (same as repayment period) |
| re-age with all interest of the old plan in equal parts | that interest from the account of the \
old plan, then `arrears:spread` at 0 % |
| re-age, re-amortise | the position on that day, with `unpaid_interest = us-rule`: overdue \
interest joins the instalments and bears none |

Rows of instalments that were missed and then re-aged are history: they stand in Fineract's table
with what was paid on them.
"""

CENT = 0.004


def day_before(day: str) -> date:
    """Return the day before: Fineract names the first day at a rate, we its first night."""
    return date.fromisoformat(day) - timedelta(days=1)


def start_of(inputs: Mapping[str, Any]) -> date:
    """Return the day the loan was drawn."""
    day = inputs.get("disbursement_date") or inputs.get("first_period_start")
    assert day is not None
    return date.fromisoformat(day)


def values_of(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what Loan.of takes for the inputs of a case, before any action."""
    if len(inputs.get("disbursements", [])) > 1:
        raise Unsupported("a second drawdown")
    rate, unit = inputs["annual_rate_pct"], inputs["unit"]
    values: dict[str, Any] = {
        "principal": inputs["principal"],
        "term": inputs["n"],
        "rate": rate,
        "start": start_of(inputs),
        "every": f"{inputs['every']} {unit}",
        "rounding": inputs["rounding"],
        "instalment_rounding": "even",
    }
    if inputs["method"].startswith("flat") and rate:
        values["method"] = "flat"
    if inputs.get("payment_multiple_of"):
        values["instalment_rounding"] = f"{inputs['payment_multiple_of']}"
    if down := inputs.get("down_payment_pct", 0):
        if down * (inputs["n"] + 1) != 100:
            raise Unsupported("a down payment that is not one of the instalments")
        values |= {"term": inputs["n"] + 1, "first_due": values["start"]}
    return values | {"day_count": day_count(inputs, rs.Loan.of(**values))}


def day_count(inputs: Mapping[str, Any], loan: rs.Loan) -> str:
    """Return the name of the day count; `loan` has the due dates."""
    year, month = inputs["days_in_year"], inputs["days_in_month"]
    if (year, month) == ("360", "30"):
        return "equal" if inputs["unit"] == "months" else "act/360"
    if year != "actual":
        return f"act/{year}"
    split = inputs.get("year_split") or ""
    assert loan.calendar is not None
    first, last = loan.calendar.unmoved(-1), loan.calendar.unmoved(loan.term - 1)
    if "29 Feb" in split:
        days = ((first + timedelta(days=k)) for k in range(1, (last - first).days + 1))
        if any((day.month, day.day) == (2, 29) for day in days):
            return "act/365a"
        return "act/365f"
    return "act/act last" if "(from,to]" in split else "act/act isda"


def agreed(values: Mapping[str, Any]) -> list[Row]:
    """Return the rows as agreed."""
    return rows_of(rs.compare(rs.Loan.of(**values), []).agreed)


def account_rows(case: Case) -> list[Row]:
    """Return the rows of a case in which money does not come on its day, instalment by instalment.

    The end-to-end cases show the balance after each instalment, the calculator's own tests (FJ)
    what is owed on its due date. The calculator knows no interest on what is late: there, late
    money counts on the due date.
    """
    inputs, actions = case["inputs"], case.get("actions", [])
    plan = []
    for action in actions:
        since = action.get("effective_from") or action.get("rescheduleFromDate")
        if since:
            rate = action.get("new_rate_pct", action.get("newInterestRate"))
            plan.append(f"rate:{rate}%,from={day_before(since)}")
    loan = rs.Loan.of(**values_of(inputs))
    line = rs.compare(loan, ["+".join(plan)] if plan else []).plans[-1]
    loan = line.schedule.loan
    own_test = case["id"].startswith("FJ")
    last = max(day for day, _ in paid_on(case)) if own_test else actions[0]["date"]
    as_of = date.fromisoformat(max([last, *(a["date"] for a in actions if a["type"] == "as_of")]))
    money = [Movement(date.fromisoformat(day), amount) for day, amount in paid_on(case)]
    if own_test:
        known = {action["installment_due"] for action in actions if "installment_due" in action}
        money += [
            Movement(row.due, round(100 * row.payment))
            for row in line.schedule.rows
            if row.due and row.due <= as_of and str(row.due) not in known
        ]
    goes_to = inputs.get("prepayment_goes_to", "")
    shorten = goes_to == "last_installment" or any(
        action.get("installment_due") == case["rows"][-1][0] for action in actions
    )
    whole = own_test and sum(m.amount for m in money) >= 100 * inputs["principal"]
    terms = Terms(
        posting="instalment",
        overpayment="shorten" if shorten and not whole else "hold",
        overdue="next" if "_SARP_" in inputs.get("product", "") else "now",
    )
    found = Account(loan, terms, money, as_of)
    balances = {row.day: row.balance for row in found.run()}
    rows, left = [], round(100 * inputs["principal"])
    for number, due in enumerate(found.dues):
        parts = [part for part in found.parts if part.number == number]
        interest = sum(part.interest for part in parts)
        principal = sum(part.principal for part in parts)
        left -= principal
        balance = balances[due.day] if own_test else left
        row = (interest / 100, (interest + principal) / 100, balance / 100)
        rows.append((str(due.day), *row))
    return rows


def paid_on(case: Case) -> list[tuple[str, int]]:
    """Return what was paid on each day, in cents."""
    found: dict[str, int] = {}
    for action in case.get("actions", []):
        if action["type"] in ("repayment", "pay_interest", "pay_principal"):
            day = action.get("date") or min(action["paid_on"], action["installment_due"])
            found[day] = found.get(day, 0) + round(100 * action["amount"])
    return sorted(found.items())


class Book:
    """A case as it goes on: the plan so far, what was paid, and what has to restart from it."""

    def __init__(self, case: Case) -> None:
        inputs = case["inputs"]
        self.values = values_of(inputs)
        self.agreed = agreed(self.values)
        self.plan: list[str] = []
        self.paid = 1 if inputs.get("down_payment_pct") else 0
        self.ahead = 0.0
        self.today = str(start_of(inputs))
        self.rows: list[Row] | None = None
        self.unpaid: range = range(0)
        product = inputs.get("product", "")
        self.recalculates = "RECALCULATION" in product or any(
            action["type"] in ("re_age", "re_amortize") for action in case.get("actions", [])
        )
        if grace := inputs.get("grace_principal"):
            self.plan.append(f"interest-only:{grace}")
        for action in case.get("actions", []):
            self.today = action.get("date") or self.today
            getattr(self, action["type"], self.unknown)(action)

    def result(self) -> list[Row]:
        """Return the rows after all actions."""
        if self.rows is not None:
            return self.rows
        loan = rs.Loan.of(**self.values)
        plans = ["+".join(self.plan)] if self.plan else []
        rows = rows_of(rs.compare(loan, plans).plans[-1].schedule)
        return collected(rows, 0.0, self.unpaid)

    def before(self, day: str) -> int:
        """Return the number of due dates before a day."""
        return sum(1 for row in self.agreed if row[0] < day)

    # -- the actions, named as in the cases ---------------------------------------------

    def unknown(self, action: Mapping[str, Any]) -> None:
        """Refuse an action that we cannot put into our terms."""
        raise Unsupported(f"payment history: {action['type']}")

    def as_of(self, action: Mapping[str, Any]) -> None:
        """Take note of the day."""

    def rate_change(self, action: Mapping[str, Any]) -> None:
        """Change the rate from a day on."""
        self.rate(action["new_rate_pct"], action["effective_from"])

    def rate(self, percent: float, day: str) -> None:
        """Change the rate from a day on; of a flat loan, from an instalment on."""
        since = day_before(day)
        if self.values.get("method") == "flat":
            passed = [row[0] for row in self.agreed if row[0] < day]
            since = date.fromisoformat(passed[-1]) if passed else self.values["start"]
        self.plan.append(f"rate:{percent}%,from={since}")

    def interest_pause(self, action: Mapping[str, Any]) -> None:
        """Pause interest between two days."""
        first, last = day_before(action["first_day"]), action["last_day"]
        self.plan.append(f"interest-pause:{first},to={last}")

    def due_date_moved(self, action: Mapping[str, Any]) -> None:
        """Move a due date and those after it."""
        self.plan.append(f"move:{action['old_due']},to={action['new_due']}")

    def reschedule(self, action: Mapping[str, Any]) -> None:
        """Do what a reschedule request asks for."""
        day = action["rescheduleFromDate"]
        if "newInterestRate" in action:
            self.rate(action["newInterestRate"], day)
        passed = self.before(day)
        as_agreed = [f"step:100%x{passed}"] if passed else []
        if "graceOnPrincipal" in action:
            rows = int(action["graceOnPrincipal"])
            self.plan += [*as_agreed, f"interest-only:{rows},keep=count"]
        if "graceOnInterest" in action:
            part = self.agreed[passed][2] - self.agreed[passed][1]
            rows = int(action["graceOnInterest"])
            pause = f"defer:{rows},pays={part},to=principal,interest=first,keep=maturity"
            self.plan += [*as_agreed, pause]
            self.unpaid = range(passed, passed + rows)
        if "extraTerms" in action:
            self.extra_terms({"date": day, "count": action["extraTerms"]})
        if "adjustedDueDate" in action:
            self.plan.append(f"move:{day},to={action['adjustedDueDate']}")

    def repayment(self, action: Mapping[str, Any]) -> None:
        """Take a payment on a due date: the instalment, and what is ahead of the next."""
        due, _, wanted, _ = self.agreed[self.paid]
        if not self.recalculates:
            self.paid += action["date"] == due and action["amount"] >= wanted - CENT
            return
        if action["date"] != due:
            raise Unsupported("a payment between due dates")
        paid = action["amount"]
        if paid >= wanted - CENT:
            self.paid += 1
            paid -= wanted
        self.ahead = round(paid, 2)

    def extra_terms(self, action: Mapping[str, Any]) -> None:
        """Add instalments from a day on: those before it stay."""
        known = self.rows if self.rows is not None else self.agreed
        passed = [row for row in known if row[0] < action["date"]]
        values = {name: given for name, given in self.values.items() if name != "term"}
        position = values | {
            "outstanding": f"{passed[-1][3]:.2f}",
            "remaining": len(known) - len(passed),
            "start": passed[-1][0],
        }
        del position["principal"]
        line = rs.compare(rs.Loan.of(**position), [f"extend:{int(action['count'])}"]).plans[-1]
        self.rows = passed + rows_of(line.schedule)

    def re_age(self, action: Mapping[str, Any]) -> None:
        """Spread the whole debt over new instalments."""
        if "all interest" in action.get("interest", ""):
            self.carry_interest(action)
            return
        size, unit = action["frequencyNumber"], action["frequencyType"].lower()
        self.restart(
            int(action["numberOfInstallments"]), f"{int(size)} {unit}", action["startDate"]
        )

    def carry_interest(self, action: Mapping[str, Any]) -> None:
        """Spread principal, and all interest of the old plan, in equal parts without interest."""
        today = date.fromisoformat(action["date"])
        paid = [Movement(date.fromisoformat(row[0]), round(100 * row[2])) for row in self.agreed]
        old = Account(
            rs.Loan.of(**self.values),
            Terms(posting="instalment", overdue="now"),
            paid[: self.paid],
            today,
        )
        old.run()
        interest = sum(part.interest for part in old.parts if part.number >= self.paid)
        rows = self.agreed[: self.paid]
        balance = rows[-1][3]
        values = {
            "outstanding": balance,
            "remaining": action["n"],
            "rate": 0,
            "every": self.values["every"],
            "start": action["date"],
            "first_due": action["first_due"],
        }
        bare = agreed(values)
        position = rs.Loan.of(**values, overdue_interest=f"{interest / 100:.2f}")
        spread = rs.compare(position, ["arrears:spread"]).plans[-1].schedule.rows
        waited = [(row[0], 0.0, 0.0, balance) for row in self.agreed[self.paid :]]
        self.rows = rows + [row for row in waited if row[0] < action["date"]]
        self.rows += [(action["date"], 0.0, 0.0, balance)]
        self.rows += [
            (due, round(float(row.payment) - pays, 2), float(row.payment), left)
            for (due, _, pays, left), row in zip(bare, spread, strict=True)
        ]

    def re_amortize(self, action: Mapping[str, Any]) -> None:
        """Spread what was missed over the instalments to come."""
        passed = self.before(self.today)
        self.restart(len(self.agreed) - passed, self.values["every"], self.agreed[passed][0])

    def restart(self, count: int, every: str, first: str) -> None:
        """Go on from today's position with `count` instalments from `first`."""
        missed = self.before(self.today) - self.paid
        paid = self.agreed[: self.paid]
        balance = round(paid[-1][3] - self.ahead, 2)
        values = {name: given for name, given in self.values.items() if name != "term"}
        since = paid[-1][0]
        waiting = 0.0
        if values["rate"]:
            if missed and parse_every(every) != parse_every(values["every"]):
                raise Unsupported("overdue interest in another rhythm")
            late = values | {"principal": balance, "method": "interest-only", "start": since}
            waiting = sum(row[1] for row in agreed(late | {"term": missed + 1})[:missed])
        rows = [
            (row[0], 0.0, 0.0 if k else self.ahead, balance)
            for k, row in enumerate(self.agreed[self.paid : self.paid + missed])
        ]
        since = rows[-1][0] if rows else since
        position = values | {
            "outstanding": balance,
            "remaining": count,
            "overdue_interest": f"{waiting:.2f}",
            "unpaid_interest": "us-rule",
            "every": every,
            "start": since,
            "first_due": first,
        }
        del position["principal"]
        schedule = rs.build(rs.locate(rs.Loan.of(**position)))
        self.rows = paid + rows + collected(rows_of(schedule), round(waiting, 2))


def collected(rows: Sequence[Row], waiting: float, unpaid: Sequence[int] = ()) -> list[Row]:
    """Return rows with the interest paid in each, and the balance of principal alone.

    In the rows `unpaid` no interest is paid.
    """
    ours = []
    for row, (due, interest, payment, owed) in enumerate(rows):
        paid = 0.0 if row in unpaid else round(min(payment, waiting + interest), 2)
        waiting = round(waiting + interest - paid, 2)
        ours.append((due, paid, payment, round(owed - waiting, 2)))
    return ours


def difference(case: Case) -> str:
    """Return how our rows differ from Fineract's, "" if they do not."""
    theirs: list[Row] = [tuple(row) for row in case["rows"]]  # type: ignore[misc]
    ours = account_rows(case) if off_schedule(case) else Book(case).result()
    return compared(ours, theirs, CENT)


def off_schedule(case: Case) -> bool:
    """Whether money comes off its day, or does not come, on a loan that counts interest by day."""
    inputs, actions = case["inputs"], case.get("actions", [])
    kinds = {action["type"] for action in actions}
    if "pay_principal" in kinds:
        return True
    if kinds & {"re_age", "re_amortize"} or "RECALCULATION" not in inputs.get("product", ""):
        return False
    dues = {row[0] for row in case["rows"]}
    early = any(a["type"] == "repayment" and a["date"] not in dues for a in actions)
    today = max((a["date"] for a in actions if a.get("date")), default="")
    paid = {a["date"] for a in actions if a["type"] == "repayment"}
    return early or any(due < today and due not in paid for due in dues)


DRAWN = "out of scope: a second drawdown between due dates, which is new credit"

NOT_MET = {
    "FJ30": "out of scope: the test itself says how much of money that comes early is interest, "
    "before that interest has accrued; here it goes to what has accrued, then to principal",
    "FJ34": DRAWN,
    "FJ35": DRAWN,
}

SOURCE = Source("Apache Fineract", "fineract", CONVENTION, difference, NOT_MET)
