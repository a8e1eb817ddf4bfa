"""Accounts in which interest runs by the day, worked out by hand and by formula."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import restructure as rs
from commandline import run
from restructure.errors import InvalidValue, RestructureError
from restructure.ledger import Account, Movement, early_settlement_rebate, terms_of
from restructure.ledger.account import Row
from restructure.money import Currency

DAILY = {"rate": "36.5%", "day_count": "act/365", "start": "2026-01-01"}
"""A rate of 0.1 % a day."""


def account(
    paid: dict[str, int], as_of: str, terms: dict[str, Any] | None = None, **loan: Any
) -> Account:
    """Return an account of 1,000.00 over two months at 0.1 % a day, run to its end."""
    values = {"principal": 1000, "term": 2, **(loan if "start" in loan else {**DAILY, **loan})}
    moves = [Movement(date.fromisoformat(day), amount) for day, amount in paid.items()]
    kept = Account(
        rs.Loan.of(**values),
        terms_of(terms or {}, Currency.of("CNY")),
        moves,
        date.fromisoformat(as_of),
    )
    kept.run()
    return kept


def on(kept: Account, day: str) -> Row:
    """Return the row of a day."""
    return next(row for row in kept.rows if str(row.day) == day)


def test_early_money_lowers_interest_from_its_day() -> None:
    """500 after 10 days: 10.00 interest, 490 principal; 20 days of 0.51 a day are 10.20."""
    kept = account({"2026-01-11": 500_00}, "2026-01-31")
    paid, now = on(kept, "2026-01-11"), on(kept, "2026-01-31")
    assert (paid.interest, paid.balance, paid.settlement) == (10_00, 510_00, 510_00)
    assert (now.balance, now.settlement) == (510_00, 520_20)


def test_what_is_overdue_goes_on_bearing_interest() -> None:
    """Nothing is paid for 90 days: 90.00 of simple interest, and none on interest."""
    kept = account({}, "2026-04-01")
    assert on(kept, "2026-04-01").settlement == 1090_00
    assert kept.overdue_then == sum(due.asked for due in kept.dues)


@pytest.mark.parametrize("cap", ["5%", "50"])
def test_the_cap_holds_for_the_whole_loan(cap: str) -> None:
    """At most 50.00 of interest, an amount or a share of principal, paid or not."""
    kept = account({"2026-01-31": 40_00}, "2026-12-31", {"interest_cap": cap})
    assert on(kept, "2026-01-31").interest == 30_00
    assert on(kept, "2026-12-31").settlement == 990_00 + 20_00
    whole = account({}, "2026-12-31", {"interest_cap": cap, "posting": "instalment"})
    assert on(whole, "2026-12-31").settlement == 1050_00


@pytest.mark.parametrize("posting", ["daily", "instalment"])
@pytest.mark.parametrize(
    "loan",
    [
        {"term": 24, "rate": "14.4%", "day_count": "act/365", "start": "2026-01-31"},
        {"term": 12, "rate": "9.99%", "day_count": "act/act", "start": "2023-11-13"},
        {"term": 12, "rate": "7%", "day_count": "equal", "start": "2026-01-15"},
        {"term": 12, "rate": "7%", "start": "2026-01-01", "rate_changes": "2026-04-15=9%"},
        {"term": 8, "rate": "5%", "start": "2026-01-01", "method": "equal-principal"},
        {"term": 8, "rate": "5%", "start": "2026-01-01", "method": "interest-only"},
    ],
)
def test_paid_as_agreed_it_is_the_schedule(posting: str, loan: dict[str, Any]) -> None:
    """Whoever pays each instalment on its day pays the interest of the schedule, to the cent."""
    agreed = rs.build(rs.Loan.of(principal=1000, **loan))
    kept = account({}, loan["start"], {"posting": posting}, **loan)
    rows = [row for row in kept.rows if row.due]
    assert [row.interest for row in rows] == agreed.interest
    assert [row.expected for row in rows] == agreed.payment
    assert [row.balance for row in rows] == agreed.closing


@pytest.mark.parametrize(("how", "then"), [("lower", "instalment"), ("shorten", "term")])
def test_money_before_its_day_is_a_prepayment(how: str, then: str) -> None:
    """On a due date, 20,000 more lower or shorten as the measure `extra` does."""
    loan = {"principal": 50_000, "term": 12, "rate": "14.4%", "start": "2026-01-15"}
    terms = {"overpayment": how, "posting": "instalment"}
    plan = rs.compare(rs.Loan.of(**loan), [f"extra:20000,at=1,then={then}"]).plans[1].schedule
    kept = account({"2026-02-15": 449877 + 2_000_000}, "2026-02-15", terms, **loan)
    rows = [row for row in kept.rows if row.due and (row.received or row.expected)]
    assert [row.interest for row in rows] == plan.interest
    assert [row.received + row.expected for row in rows] == plan.payment


def test_held_money_pays_the_next_instalment() -> None:
    """Two instalments at once: the next falls due with nothing left to pay, its interest waits."""
    loan = {"principal": 50_000, "term": 12, "rate": "14.4%", "start": "2026-01-15"}
    terms = {"posting": "instalment"}
    kept = account({"2026-02-15": 2 * 449877}, "2026-02-15", terms, **loan)
    first, second, third = on(kept, "2026-02-15"), on(kept, "2026-03-15"), on(kept, "2026-04-15")
    assert first.balance == 50_000_00 - (449877 - 600_00) - 449877
    assert (second.expected, second.interest) == (0, 0)
    assert third.interest == 2 * round(first.balance * Fraction(12, 1000))
    assert kept.rows[-1].settlement == 0


@pytest.mark.parametrize(
    ("as_of", "terms", "owed"),
    [
        ("2026-01-04", {"interest_free_days": "3"}, 1000_00),
        ("2026-01-05", {"interest_free_days": "3"}, 1004_00),
        ("2026-01-05", {}, 1004_00),
    ],
)
def test_days_free_of_interest(as_of: str, terms: dict[str, Any], owed: int) -> None:
    """Who repays all within three days pays no interest; after them, that of every day."""
    assert on(account({}, as_of, terms), as_of).settlement == owed
    kept = account({as_of: owed}, as_of, terms)
    assert kept.rows[-1].settlement == 0
    assert on(kept, as_of).interest == owed - 1000_00


def test_late_fees_are_dated_back_after_days_of_grace() -> None:
    """Due 1 February, 3 days of grace: paid on the 4th in time, on the 5th 20.00 more."""
    terms = {"late_fee": "20", "late_fee_after": "3"}
    first = account({}, "2026-01-01").dues[0].asked
    in_time = account({"2026-02-04": first}, "2026-02-20", terms)
    late = account({"2026-02-05": first}, "2026-02-20", terms)
    assert on(in_time, "2026-02-04").fees == 0
    assert on(late, "2026-02-01").settlement == 1031_00 + 20_00
    assert on(late, "2026-02-05").fees == 20_00
    twice = account({}, "2026-04-01", terms)
    once = account({}, "2026-04-01", {**terms, "late_fees": "1"})
    assert on(twice, "2026-04-01").settlement - on(once, "2026-04-01").settlement == 20_00


def test_add_on_interest_is_paid_first_and_counted_to_the_day_at_settlement() -> None:
    """What accrues when interest is paid first is owed from the start.

    31 days on 1,000 are 31.00. The first of two equal payments (1,000 + I) / 2 pays I and then
    principal, and 28 days on what is left bear 0.028 x (500 + I / 2): I = 45 / 0.986 = 45.64.
    After 10 days and 20.00, 990.00 close the loan.
    """
    kept = account({"2026-01-11": 20_00}, "2026-01-11", {"interest": "add-on"})
    assert kept.add_on == 45_64
    row = on(kept, "2026-01-11")
    assert (row.interest, row.balance, row.settlement) == (20_00, 1000_00, 990_00)


def test_too_much_is_shown_below_zero_and_bears_nothing() -> None:
    """1,100 after 10 days: 10.00 interest, 90.00 too much, then as later."""
    kept = account({"2026-01-11": 1100_00}, "2026-03-01")
    assert on(kept, "2026-01-11").balance == -90_00
    assert kept.rows[-1].settlement == -90_00


@pytest.mark.parametrize(
    ("terms", "loan", "field"),
    [
        ({}, {"method": "flat"}, "method"),
        ({}, {"compounding": "month"}, "method"),
        ({"interest": "add-on", "posting": "instalment"}, {}, "interest"),
        ({"interest_cap": "-5"}, {}, "interest_cap"),
        ({"overdue": "later"}, {}, "overdue"),
        ({"nonsense": "1"}, {}, "nonsense"),
    ],
)
def test_refused_terms(terms: dict[str, Any], loan: dict[str, Any], field: str) -> None:
    """Terms that cannot be, with the field."""
    with pytest.raises(RestructureError) as caught:
        account({}, "2026-02-01", terms, **loan)
    assert caught.value.field == field


def test_the_command_shows_where_the_account_stands(tmp_path: Path) -> None:
    """500 after 10 days, seen on 31 January: nothing overdue, 520.20 closes it."""
    path = tmp_path / "paid.csv"
    path.write_text("date,amount\n2026-01-11,500\n2026-03-05,9\n", encoding="utf-8")
    words = ["--principal", "1000", "--term", "2", "--rate", "36.5", "--day-count", "act/365"]
    words += ["--start", "2026-01-01", "--payments", str(path), "--as-of", "2026-01-31"]
    ran = run("account", *words)
    assert ran.code == 0
    assert "On 2026-01-31: 0.00 is overdue; 520.20 closes the loan." in ran.out
    assert "Lines after 2026-01-31 (1) are not counted." in ran.err
    csv = run("account", *words, "--format", "csv").out.splitlines()
    assert csv[1] == "2026-01-11,0.00,500.00,0.00,0.00,10.00,490.00,510.00,510.00"
    assert run("account", *words[:-2], "--as-of", "2025-01-31").code == 3


@pytest.mark.parametrize("settled", [0, 1, 30, 48])
def test_the_rebate_at_its_ends(settled: int) -> None:
    """At the start it is all interest; after the last payment none; between, formula by formula."""
    credit, payments = 5000_00, [134_57] * 48
    apr = Fraction(14, 100)
    found = early_settlement_rebate(credit, payments, settled, Fraction(0), apr)
    rate = round(1.14 ** (1 / 12) - 1, 6)
    value = credit * (1 + rate) ** settled
    value -= sum(134_57 * (1 + rate) ** k for k in range(settled))
    wanted = (48 - settled) * 134_57 - value
    assert abs(found - max(wanted, 0)) <= 0.5 + 1e-6
    assert settled or found == 48 * 134_57 - credit


def test_a_rebate_needs_a_payment_that_exists() -> None:
    """More payments than there are, and a rate below 0, are refused."""
    with pytest.raises(InvalidValue, match="from 0 to 2"):
        early_settlement_rebate(100, [60, 60], 3, Fraction(0), Fraction(1, 10))
    with pytest.raises(InvalidValue, match="below 0"):
        early_settlement_rebate(100, [60, 60], 1, Fraction(0), Fraction(-1, 10))


@pytest.mark.parametrize("term", [3, 7, 36, 240])
@pytest.mark.parametrize("rate", [0, 1, 7, 23.9])
def test_even_instalments_leave_the_least_difference(term: int, rate: float) -> None:
    """No instalment a cent higher or lower leaves a last one that is nearer to the others."""
    loan = {"principal": "9876.54", "term": term, "rate": rate}
    even = rs.build(rs.Loan.of(**loan, instalment_rounding="even"))
    pay = even.payment[0]

    def off(pay: int) -> int:
        balance = 9876_54
        for _ in range(term):
            balance += round(balance * Decimal(str(rate)) / 1200 + Decimal("1e-9")) - pay
        return abs(balance)

    assert off(pay) == abs(even.payment[-1] - pay)
    assert off(pay) <= min(off(pay - 1), off(pay + 1))


def test_an_odd_first_period_by_days_beside_months() -> None:
    """40 days over 360 in the first period, a twelfth in the others."""
    loan = {"principal": 10_025, "term": 12, "rate": "4.5%", "method": "interest-only"}
    loan |= {"start": "2022-08-22", "first_due": "2022-10-01", "odd_first": "actual"}
    rows = rs.build(rs.Loan.of(**loan)).payment
    assert rows[0] == int(10_025_00 * 0.045 * 40 / 360 + 0.5)
    assert rows[1] == round(10_025_00 * 0.045 / 12)
    months = rs.build(rs.Loan.of(**{**loan, "odd_first": "day-count"})).payment
    assert months[0] == round(10_025_00 * 0.045 * 39 / 360)
    regular = {**loan, "start": "2022-09-01"}
    assert rs.build(rs.Loan.of(**regular)).payment[0] == rows[1]


def test_a_rate_a_day_that_changes_counts_the_days_of_the_year() -> None:
    """0.1 % a day is 36.5 % over 365 days, before the change and after it."""
    values = {"principal": 1000, "term": 2, **DAILY, "rate_changes": "2026-02-01=0.1%/day"}
    loan = rs.Loan.of(**values)
    assert loan.resets[0].rate == loan.rate == Fraction(365, 1000)


def test_add_on_interest_ends_with_the_last_instalment() -> None:
    """1,000 at 0.8 % a day in five payments: 367.73 and at last 367.71, interest 838.63.

    FSharp.Finance.Personal, InterestFirstTest002 and 008. By hand: 71 days on 1,000 bear 568.00;
    of 3 x 367.73 paid by then 264.56 is principal: 31 days on 735.44 and 30 on 367.71.
    """
    loan = {"term": 5, "rate": "0.8%/day", "start": "2024-07-23", "first_due": "2024-08-02"}
    loan |= {"day_count": "act/365", "rounding": "down", "instalment_rounding": "least"}
    kept = account({}, "2024-07-23", {"interest": "add-on"}, **loan)
    assert kept.add_on == 838_63
    assert [row.due for row in kept.rows if row.due] == [367_73] * 4 + [367_71]
    assert kept.rows[-1].settlement == 0


@pytest.mark.parametrize(("day", "owed"), [("2022-06-27", 810_18), ("2025-01-19", 810_18)])
def test_a_cap_holds_add_on_interest_too(day: str, owed: int) -> None:
    """700 at 0.8 % a day, twice 294.91 paid, interest capped at 100 %: 810.18 are left.

    FSharp.Finance.Personal, InterestFirstTest006 and 007.
    """
    loan = {"principal": 700, "term": 4, "rate": "0.8%/day", "start": "2022-01-10"}
    loan |= {"first_due": "2022-01-28", "day_count": "act/365", "rounding": "down"}
    paid = {"2022-01-28": 294_91, "2022-02-14": 294_91}
    terms = {"interest": "add-on", "interest_cap": "100%"}
    kept = account(paid, day, terms, **loan, instalment_rounding="least")
    assert on(kept, day).settlement == owed
