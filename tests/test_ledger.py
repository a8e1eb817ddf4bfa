"""The ledger against hand calculation (docs/ledger.md), published figures, and its laws."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import restructure as rs
from histories import (
    day,
    naive,
    overdue,
    paid,
    rules,
    worked_loan,
    worked_payments,
    worked_position,
)
from restructure.errors import InvalidValue, RestructureError
from restructure.ledger import (
    ALLOCATIONS,
    KINDS,
    Movement,
    Position,
    Rules,
    position_on,
    read_allocation,
    rules_of,
)

CNY = worked_loan().currency


def test_worked_case_penalty_first() -> None:
    """docs/ledger.md, first order: 11,485.79 cures on 13 November 2024, penalty 135.82 in it."""
    position = worked_position(allocation="penalty,interest,principal")
    assert overdue(position) == {"penalty": "135.82", "interest": "671.12", "principal": "10678.85"}
    assert position.cure == 11_485_79
    assert (position.days_past_due, position.oldest and position.oldest.number) == (66, 5)
    assert position.balance == 21_706_22
    # 2,352.43 + 4,138.38 + 4,188.04 at 0.06 % a day.
    assert position.per_day.penalty == Fraction(1067885 * 6, 10_000)


def test_worked_case_principal_before_penalty() -> None:
    """docs/ledger.md, second order: penalty interest 237.39, overdue principal 10,575.80."""
    position = worked_position(allocation="interest,principal,penalty")
    assert overdue(position) == {"penalty": "237.39", "interest": "671.12", "principal": "10575.80"}
    assert position.cure == 11_484_31


def test_the_default_order_is_oldest_first() -> None:
    """Without a rule the oldest instalment is paid first, in it penalty, interest, principal."""
    assert worked_position().cure == worked_position(allocation="oldest-first").cure == 11_485_79


@pytest.mark.parametrize(
    ("order", "left"),
    [
        # 20 October: interest 409.46 + 360.39, penalty 103.05 + 29.80, the rest, 1,346.69, to
        # principal; then 24 days on 2,742.62, 36 - 12 on 4,138.38, 5 on 4,188.04.
        ("civil-code-561", {"penalty": "111.64", "interest": "310.73", "principal": "11069.04"}),
        ("kind-first", {"penalty": "111.64", "interest": "310.73", "principal": "11069.04"}),
        ("fees-last", {"penalty": "135.82", "interest": "671.12", "principal": "10678.85"}),
    ],
)
def test_named_orders(order: str, left: dict[str, str]) -> None:
    """Each named order leaves what its rule says; figures by hand."""
    assert overdue(worked_position(allocation=order)) == left


def test_cards_turn_to_principal_at_91_days() -> None:
    """China, card rules, article 57: interest first at 90 days past due, principal at 91.

    The first instalment falls due on 8 May; 90 days later it is 6 August.
    """
    loan = worked_loan()
    for when, interest_left in (("2024-08-06", "1559.08"), ("2024-08-07", "1659.08")):
        order = rules(loan, allocation="cards-57")
        # Penalty 1.5 times on 3,898.77 (90 days: 210.53) and so on stands before interest in
        # the early order, so pay it with interest: 100.00 of interest beyond the penalty.
        before = position_on(loan, order, [], day(when))
        amount = before.overdue[2] + 100_00 if when == "2024-08-06" else 100_00
        after = position_on(loan, order, [Movement(day(when), amount)], day(when))
        assert str(CNY.decimal(after.overdue[4])) == interest_left
        assert sum(before.overdue) - sum(after.overdue) == amount


def test_a_custom_order_is_read() -> None:
    """A slash ends a stage; what is not named has its documented place."""
    assert read_allocation("penalty,interest,principal/fees").order == ((2, 3, 4, 5), (1,), (0,))
    assert read_allocation("costs/interest/penalty/principal").order == (
        (0,),
        (4,),
        (2, 3),
        (5,),
        (1,),
    )


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ("oldest", "'oldest' in 'oldest' is none of costs, fees"),
        ("interest,principal", "does not say where penalty comes"),
        ("interest,interest,penalty,principal", "allocation: names interest twice"),
    ],
)
def test_a_wrong_order_is_refused(order: str, message: str) -> None:
    """The message names the value and what is allowed."""
    with pytest.raises(RestructureError, match=message):
        read_allocation(order)


def test_compounding_at_each_rate() -> None:
    """Unpaid interest bears: 409.46 for 66 days, 360.39 for 36, 310.73 for 5; by hand.

    Nothing paid after 8 August. At the contract rate, 0.04 % a day: 10.81 + 5.19 + 0.62. At the
    penalty rate, 0.06 %: 16.21 + 7.78 + 0.93.
    """
    loan, history = worked_loan(), worked_payments()[:4]
    for how, expected in (("contract", 1662), ("penalty", 2492), ("maturity", 1662), ("none", 0)):
        position = position_on(loan, rules(loan, compound=how), history, day("2024-11-13"))
        assert position.overdue[KINDS.index("compounded")] == expected, how


def test_after_maturity_interest_compounds_at_the_penalty_rate() -> None:
    """`maturity`: the last interest, 53.35 due on 8 April 2025, bears 0.06 % a day from then.

    Eleven instalments are paid on their days; 100 days later it is 17 July: 3.20.
    """
    loan = worked_loan()
    dues = [row.due for row in rs.build(loan).rows if row.due]
    history = [Movement(due, 449877) for due in dues[:11]]
    position = position_on(loan, rules(loan, compound="maturity"), history, day("2025-07-17"))
    assert overdue(position)["interest"] == "53.35"
    assert overdue(position)["compounded"] == "3.20"


def test_penalty_interest_compounds_only_when_switched_on() -> None:
    """Penalty entered on a due date bears from then on: 8 October and 8 November, by hand.

    Of instalment 5: 30 days on 4,089.31 at 0.06 % are 73.61 on 8 October, then 31 days, 76.06,
    on 8 November. At the contract rate 0.04 % a day: interest 409.46 for 30 days, then 409.46 +
    73.61 for 31, then 409.46 + 149.67 for 5: 4.91 + 5.99 + 1.12. Instalment 6: 360.39 for 31
    days, then 360.39 + 76.97 for 5: 4.47 + 0.87. Instalment 7: 310.73 for 5 days: 0.62.
    """
    loan, history = worked_loan(), worked_payments()[:4]
    rule = rules(loan, compound="contract", compound_penalty="yes")
    position = position_on(loan, rule, history, day("2024-11-13"))
    assert position.overdue[KINDS.index("compounded")] == 491 + 599 + 112 + 447 + 87 + 62


def test_a_late_fee_is_charged_once_an_instalment() -> None:
    """50.00 for each instalment unpaid 10 days after its due date: two by 13 November, not three.

    Paid on the tenth day is in time.
    """
    loan = worked_loan()
    rule = rules(loan, late_fee=50, late_fee_after=10)
    position = position_on(loan, rule, worked_payments()[:4], day("2024-11-13"))
    assert overdue(position)["fees"] == "100.00"
    in_time = [*worked_payments()[:4], paid("2024-09-18", "4600.00")]
    assert "fees" not in overdue(position_on(loan, rule, in_time, day("2024-10-08")))
    late = [*worked_payments()[:4], paid("2024-09-19", "4500.00")]
    assert position_on(loan, rule, late, day("2024-09-19")).paid[1] == 50_00


def test_a_cap_is_shown_when_it_bites() -> None:
    """A cap of 18 % lies below 21.6 %: 18 % of overdue principal is charged, by hand.

    4,089.31 x 0.05 % x 66 days + 4,138.38 x 36 + 4,188.04 x 5, each rounded down.
    """
    loan, history = worked_loan(), worked_payments()[:4]
    capped = position_on(loan, rules(loan, penalty_cap="18%"), history, day("2024-11-13"))
    assert capped.overdue[2] == 134_94 + 74_49 + 10_47
    free = position_on(loan, Rules(), history, day("2024-11-13"))
    assert capped.capped == free.overdue[2] - capped.overdue[2] > 0
    assert position_on(loan, rules(loan, penalty_cap="24%"), history, day("2024-11-13")).capped == 0
    assert rules_of({"penalty_cap": "4x3.1%"}, CNY).cap == Fraction(124, 1000)


def test_a_cap_holds_a_late_fee_back_until_there_is_room() -> None:
    """24 % on 4,089.31 leaves 0.27 a day above penalty interest: a fee of 5.00 comes slowly."""
    loan, history = worked_loan(), worked_payments()[:4]
    rule = rules(loan, penalty_cap="24%", late_fee=5)
    early = position_on(loan, rule, history, day("2024-09-18"))
    assert (early.overdue[1], early.capped) == (272, 228)
    assert position_on(loan, rule, history, day("2024-10-07")).overdue[1] == 500


def test_penalty_by_the_loans_day_count() -> None:
    """30/360 counts 41 days from 8 September to 20 October less one: 42 actual, 42 by months."""
    loan = worked_loan()
    history = worked_payments()[:4]
    # 8 September to 8 November: 61 actual days, 60 of 30/360; 4,089.31 at 21.6 %.
    actual = position_on(loan, Rules(), history, day("2024-11-08"))
    months = position_on(loan, rules(loan, penalty_day_count="loan"), history, day("2024-11-08"))
    assert actual.items[4].owed[2] == 149_67
    assert months.items[4].owed[2] == 147_22


def test_overpayment_is_held_for_the_next_instalment() -> None:
    """hold: 5,000 on 8 May leaves 501.23, which the June instalment uses."""
    loan = worked_loan()
    history = [paid("2024-05-08", "5000.00"), paid("2024-06-08", "3997.54")]
    may = position_on(loan, Rules(), history, day("2024-05-20"))
    assert (may.credit, may.cure) == (501_23, 0)
    june = position_on(loan, Rules(), history, day("2024-06-09"))
    assert (june.credit, june.cure, june.days_past_due) == (0, 0, 0)


def test_overpayment_shortens_or_lowers() -> None:
    """14,498.77 on 8 May prepays 10,000: as `extra:10000` does, by its own tests.

    36,101.23 over 11 months at 1.2 % is 3,522.93 (annuity formula); with 4,498.77 kept, nine
    more instalments repay it.
    """
    loan = worked_loan()
    history = [paid("2024-05-08", "14498.77")]
    for how, rows, second in (("lower", 12, 352293), ("shorten", 10, 449877)):
        position = position_on(loan, rules(loan, overpayment=how), history, day("2024-05-08"))
        assert (position.credit, position.prepaid) == (0, 10_000_00)
        assert position.balance == 36_101_23
        assert (len(position.schedule), position.schedule.payment[1]) == (rows, second)


def test_a_reversal_undoes_its_payment() -> None:
    """A returned payment is worked out as never made, but only from the day it is returned."""
    loan = worked_loan()
    history = [*worked_payments(), paid("2024-10-25", "2249.39", "reversal")]
    before = position_on(loan, Rules(), history, day("2024-10-24"))
    assert before.cure == worked_position("2024-10-24").cure
    after = position_on(loan, Rules(), history, day("2024-11-13"))
    assert after.cure == position_on(loan, Rules(), worked_payments()[:4], day("2024-11-13")).cure


def test_a_reversal_of_nothing_is_refused() -> None:
    """The message names amount and day."""
    loan = worked_loan()
    with pytest.raises(InvalidValue, match=r"no payment of 10\.00 on or before 2024-05-09"):
        position_on(loan, Rules(), [paid("2024-05-09", "10.00", "reversal")], day("2024-06-01"))


def test_a_movement_before_the_loan_is_refused() -> None:
    """The message names the day and the loan's start."""
    with pytest.raises(InvalidValue, match="2024-04-07 is before the loan was drawn, 2024-04-08"):
        position_on(worked_loan(), Rules(), [paid("2024-04-07", "1.00")], day("2024-06-01"))


def test_costs_come_first_under_article_561() -> None:
    """Costs of 300.00 on 15 October take their part of the payment before interest."""
    loan = worked_loan()
    history = [*worked_payments(), paid("2024-10-15", "300.00", "cost")]
    order = rules(loan, allocation="civil-code-561")
    position = position_on(loan, order, history, day("2024-10-20"))
    assert position.paid[0] == 300_00
    assert "costs" not in overdue(position)


def test_without_dates_there_is_no_ledger() -> None:
    """The message names the field that is missing."""
    loan = rs.Loan.of(principal=50_000, term=12)
    with pytest.raises(InvalidValue, match="start is needed with a payment history"):
        position_on(loan, Rules(), [], date(2024, 5, 1))


# -- laws -------------------------------------------------------------------------------

RULES = st.builds(
    lambda order, compound, twice, fee, after, cap, over, count: rules_of(
        {
            "allocation": order,
            "compound": compound,
            "compound_penalty": twice and compound != "none",
            "late_fee": fee,
            "late_fee_after": after,
            "penalty_cap": cap,
            "overpayment": over,
            "penalty_day_count": count,
        },
        CNY,
    ),
    st.sampled_from([*ALLOCATIONS, "interest,principal,penalty", "principal/interest/penalty"]),
    st.sampled_from(["none", "contract", "penalty", "maturity"]),
    st.booleans(),
    st.sampled_from([0, 30]),
    st.integers(0, 20),
    st.sampled_from([None, "18%", "24%"]),
    st.sampled_from(["hold", "shorten", "lower"]),
    st.sampled_from(["act/360", "act/365", "act/act", "30/360", "loan"]),
)
LOANS = st.builds(
    lambda principal, term, rate, method: worked_loan(
        principal=principal, term=term, rate=f"{rate}%", method=method
    ),
    st.integers(500, 60_000),
    st.integers(1, 14),
    st.sampled_from(["0", "7", "14.4", "30"]),
    st.sampled_from(["level", "equal-principal", "interest-only", "flat"]),
)
LINES = st.lists(
    st.builds(
        lambda after, amount, kind: Movement(day("2024-04-08") + timedelta(after), amount, kind),
        st.integers(0, 500),
        st.integers(1, 600_000),
        st.sampled_from(["payment"] * 8 + ["fee", "cost"]),
    ),
    max_size=25,
)
AS_OF = st.integers(0, 520).map(lambda days: day("2024-04-08") + timedelta(days))


def figures(position: Position) -> tuple[object, ...]:
    """Return everything that a position says."""
    return (
        position.overdue,
        position.due_today,
        position.paid,
        position.credit,
        position.prepaid,
        position.capped,
        position.days_past_due,
        position.balance,
        position.per_day,
        position.schedule.payment,
    )


@given(LOANS, RULES, LINES, AS_OF)
def test_movements_sum_to_the_position(
    loan: rs.Loan, rule: Rules, lines: list[Movement], as_of: date
) -> None:
    """For each kind: due + accrued + charged - allocated is what is owed; and money is kept."""
    position = position_on(loan, rule, lines, as_of)
    sums = dict.fromkeys(KINDS, 0)
    credit = 0
    for entry in position.entries:
        assert entry.amount > 0
        if entry.what in ("due", "accrued", "charged"):
            sums[entry.kind] += entry.amount
        elif entry.what == "allocated":
            sums[entry.kind] -= entry.amount
            credit -= entry.amount
        else:
            credit += entry.amount if entry.what == "paid" else -entry.amount
    assert list(sums.values()) == position.unpaid
    assert credit == position.credit
    assert position.received == sum(
        one.amount for one in lines if one.kind == "payment" and one.day <= as_of
    )
    # Nothing is lost: what was lent is due, not yet due or prepaid.
    assert position.due[5] + position.prepaid + position.balance == loan.principal


@given(LOANS, RULES, LINES, AS_OF, st.randoms())
def test_the_order_of_lines_changes_nothing(
    loan: rs.Loan, rule: Rules, lines: list[Movement], as_of: date, random: object
) -> None:
    """Lines may come in any order, those of one day too."""
    mixed = list(lines)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    left, right = (position_on(loan, rule, x, as_of) for x in (lines, mixed))
    assert figures(left) == figures(right)


@given(LOANS, RULES, LINES, AS_OF)
def test_splitting_a_payment_in_two_changes_nothing(
    loan: rs.Loan, rule: Rules, lines: list[Movement], as_of: date
) -> None:
    """Two parts on one day are as good as the whole."""
    parts = []
    for one in lines:
        first = one.amount // 3
        parts += [one._replace(amount=x) for x in (first, one.amount - first) if x]
    left, right = (position_on(loan, rule, x, as_of) for x in (lines, parts))
    assert figures(left) == figures(right)


@given(LOANS, RULES)
def test_paying_the_schedule_gives_the_schedule(loan: rs.Loan, rule: Rules) -> None:
    """Each row paid on its day: nothing is ever overdue, and the rows are the allocations."""
    schedule = rs.build(loan)
    dues = [due for due in schedule.due_dates() if due]
    lines = [Movement(x, y) for x, y in zip(dues, schedule.payment, strict=True) if y]
    for as_of in (dues[0], dues[-1] + timedelta(9)):
        position = position_on(loan, rule, lines, as_of)
        assert (position.cure, position.credit, position.days_past_due) == (0, 0, 0)
    assert position.balance == 0
    assert position.paid[4:] == [sum(schedule.interest), sum(schedule.principal)]
    assert not any(position.paid[:4])


@given(LOANS, RULES, LINES, AS_OF)
def test_the_cure_amount_cures(
    loan: rs.Loan, rule: Rules, lines: list[Movement], as_of: date
) -> None:
    """Paying the cure amount on its day leaves no arrears."""
    position = position_on(loan, rule, lines, as_of)
    if position.cure:
        cured = position_on(loan, rule, [*lines, Movement(as_of, position.cure)], as_of)
        assert (cured.cure, cured.days_past_due) == (0, 0)


@given(
    LOANS,
    LINES,
    AS_OF,
    st.permutations(["penalty", "interest", "principal"]),
    st.sampled_from(["14.4%", "21.6%", "0%"]),
)
def test_a_naive_ledger_agrees(
    loan: rs.Loan, lines: list[Movement], as_of: date, order: list[str], yearly: str
) -> None:
    """Day by day with fractions, another program comes to the same to the minor unit."""
    lines = [one._replace(kind="payment") for one in lines]
    loan = worked_loan(
        principal=loan.currency.decimal(loan.principal),
        term=loan.term,
        method=loan.method,
        penalty_rate=yearly,
    )
    position = position_on(loan, rules_of({"allocation": ",".join(order)}, CNY), lines, as_of)
    expected = naive(loan, lines, as_of, Fraction(yearly[:-1]) / 100, order)
    assert [position.unpaid[2], position.unpaid[4], position.unpaid[5]] == expected


# -- Fineract ---------------------------------------------------------------------------


def test_fineract_interest_on_an_overdue_instalment() -> None:
    """Fineract, EMICalculation.feature:1874 (Apache-2.0): 100 at 7 %, nothing paid by 15 Feb 2024.

    It adds what the overdue 16.43 bear in 14 days to the next period's 0.49 and shows 0.53 (the
    schedule itself, 16.43 + 0.58 and so on, agrees). Here the 0.04 are penalty interest at 1x.
    """
    loan = rs.Loan.of(principal=100, term=6, rate="7%", start="2024-01-01", rounding="half-even")
    position = position_on(loan, rules(loan, penalty_day_count="loan"), [], day("2024-02-15"))
    assert overdue(position) == {"penalty": "0.04", "interest": "0.58", "principal": "16.43"}
    assert position.schedule.interest[1] + position.overdue[2] == 53


def test_reversals_of_one_day_come_in_any_order() -> None:
    """One reversal names its payment, the other does not: together they cancel both."""
    loan = worked_loan()
    lines = [
        paid("2024-05-08", "100.00", reference="a"),
        paid("2024-05-08", "100.00", reference="z"),
        paid("2024-05-09", "100.00", "reversal"),
        paid("2024-05-09", "100.00", "reversal", "z"),
    ]
    for order in (lines, lines[::-1]):
        assert position_on(loan, Rules(), order, day("2024-05-10")).received == 0
