"""The position on the day of restructuring: balance, arrears, penalty interest, as agreed."""

from __future__ import annotations

from typing import Any

import pytest

import restructure as rs
from loans import amounts, founding, minor_rows, payments, refusal_of, schedule_of
from restructure.arrears import Arrears
from restructure.comparison import Comparison
from restructure.position import as_agreed, locate

# The founding loan row by row: opening, interest, principal (4,498.77 each).
OPENINGS = [5000000, 4610123, 4215567, 3816277, 3412195, 3003264, 2589426]
INTEREST = [60000, 55321, 50587, 45795, 40946, 36039]
PRINCIPAL = [389877, 394556, 399290, 404082, 408931, 413838]


def test_the_rows_above_are_right() -> None:
    """The rows that these tests count on follow from 1.2 % a month, half up."""
    for k in range(6):
        assert INTEREST[k] == (OPENINGS[k] * 12 + 500) // 1000
        assert PRINCIPAL[k] == 449877 - INTEREST[k]
        assert OPENINGS[k + 1] == OPENINGS[k] - PRINCIPAL[k]


@pytest.mark.parametrize(
    ("paid", "missed", "penalty"),
    [
        (0, 0, 0),
        (4, 0, 0),
        (0, 1, 0),  # due today: no time has passed
        (5, 1, 0),
        (4, 2, 4907),  # 4,089.31 x 1.2 % = 49.0717...
        (3, 2, 4849),  # 4,040.82 x 1.2 % = 48.4898...
        (0, 3, 14092),  # (2 x 3,898.77 + 3,945.56) x 1.2 % = 140.9172
        (2, 4, 28921),  # (3 x 3,992.90 + 2 x 4,040.82 + 4,089.31) x 1.2 % = 289.7958...
    ],
)
def test_arrears(paid: int, missed: int, penalty: int) -> None:
    """Missed principal and interest, and penalty interest for whole periods since each due date."""
    past = paid + missed
    if (paid, missed) == (2, 4):  # the sum, written out
        exact = (3 * PRINCIPAL[2] + 2 * PRINCIPAL[3] + PRINCIPAL[4]) * 12
        penalty = (exact + 500) // 1000
    loan = locate(founding(paid=paid, missed=missed))
    assert loan.balance == OPENINGS[past]
    assert loan.count == loan.agreed_rows == 12 - past
    assert loan.passed == past
    assert loan.instalment == 449877
    assert loan.arrears == Arrears(sum(PRINCIPAL[paid:past]), sum(INTEREST[paid:past]), penalty, 0)
    assert loan.owed == OPENINGS[paid] + sum(INTEREST[paid:past]) + penalty


@pytest.mark.parametrize(
    ("penalty_rate", "expected"),
    [
        (None, 4907),
        ("1x", 4907),
        ("14.4%", 4907),
        ("1.2%/month", 4907),
        ("1.5x", 7361),  # 4,089.31 x 1.8 % = 73.6075...
        ("21.6%", 7361),
        ("1.3x", 6379),  # 4,089.31 x 1.56 % = 63.7932...
        ("0x", 0),
        ("0%", 0),
        ("2×", 9814),
        (" 2X ", 9814),
    ],
)
def test_penalty_rates(penalty_rate: str | None, expected: int) -> None:
    """The penalty rate replaces the contract rate on overdue principal: absolute or a multiple."""
    loan = founding(paid=4, missed=2, penalty_rate=penalty_rate)
    assert locate(loan).arrears.penalty == expected


@pytest.mark.parametrize(
    "penalty_rate", ["x", "-1x", "101x", "1.5 times", "", "nan x", "１x", "-3%", None]
)
def test_no_such_penalty_rate(penalty_rate: str | None) -> None:
    """Other words, multiples below 0 and above 100 are refused; None is the default."""
    if penalty_rate is None:
        assert founding(penalty_rate=None).penalty_rate.times == 1
        return
    with pytest.raises(rs.RestructureError, match=r"^penalty_rate"):
        founding(penalty_rate=penalty_rate)


@pytest.mark.parametrize("mode", ["half-up", "half-even", "up", "down"])
def test_the_penalty_is_rounded_once(mode: str) -> None:
    """Penalty interest is rounded in the mode of interest, once for all missed instalments.

    3,898.77 for two periods and 3,945.56 for one at 0.5 % a month: 58.7155, 5,871.55 fen. Rounded
    one by one, 38.9877 and 19.7278 would be 58.72 in all under half-up, too, but 58.70 downwards.
    """
    loan = founding(missed=3, rounding=mode, penalty_rate="6%")
    first, second = schedule_of(founding(rounding=mode)).principal[:2]
    exact = (2 * first + second) * 5  # thousandths of a fen
    expected = {
        "half-up": (exact + 500) // 1000,
        "half-even": (exact + 500 - (exact % 2000 == 500)) // 1000,
        "up": -(-exact // 1000),
        "down": exact // 1000,
    }[mode]
    assert locate(loan).arrears.penalty == expected
    assert expected == {"up": 5872, "down": 5871}.get(mode, 5872)


def test_the_penalty_ignores_the_plan() -> None:
    """A multiple is of the contract rate, whatever a plan makes of it; so is the default."""
    loan = founding(paid=4, missed=2, penalty_rate="1.5x")
    schedule = schedule_of(loan, "arrears:pay,penalty=set-aside+rate:0%")
    # 25,894.26 over 6 without interest; overdue sums first, the penalty last.
    assert payments(schedule) == [(1, "13313.25"), (4, "4315.71"), (1, "4389.32")]


def test_penalties_and_fees_that_are_stated() -> None:
    """What the lender states takes precedence over what is worked out; fees add to it."""
    loan = locate(founding(paid=4, missed=2, penalty=10, fees=5))
    assert (loan.arrears.penalty, loan.arrears.fees) == (1000, 500)
    assert loan.owed == OPENINGS[4] + sum(INTEREST[4:6]) + 1500
    loan = locate(founding(paid=4, fees=5))
    assert loan.arrears.total == 500


def test_a_stated_penalty_of_nothing() -> None:
    """A penalty stated as 0 is 0: the lender charges none."""
    assert locate(founding(paid=4, missed=2, penalty=0)).arrears.penalty == 0


def test_outstanding_in_place_of_principal() -> None:
    """`outstanding` and `remaining` describe what is not yet due; overdue sums are stated."""
    loan = locate(
        rs.Loan.of(
            outstanding="25894.26",
            remaining=6,
            rate="14.4%",
            overdue_principal="8227.69",
            overdue_interest="769.85",
            penalty="49.07",
        )
    )
    there = locate(founding(paid=4, missed=2))
    assert loan.owed == there.owed == 3494087
    assert loan.arrears == there.arrears
    # The instalment is solved from what is outstanding: 25,894.26 over 6 at 1.2 % a month.
    assert loan.instalment == 449877
    assert payments(schedule_of(loan, "defer:3")) == payments(schedule_of(there, "defer:3"))


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"paid": 12}, "paid"),
        ({"paid": 13}, "paid"),
        ({"paid": 10, "missed": 3}, "missed"),
        ({"missed": 13}, "missed"),
        ({"paid": -1}, "paid"),
        ({"missed": "1.5"}, "missed"),
        ({"paid": 5201}, "paid"),
        ({"penalty": -1}, "penalty"),
        ({"fees": "x"}, "fees"),
        ({"overdue_principal": 10}, "overdue_principal"),
        ({"remaining": 3}, "remaining"),
    ],
)
def test_histories_that_cannot_be(terms: dict[str, Any], field: str) -> None:
    """More instalments than there are, none left, or negative sums: refused with the field."""
    with pytest.raises(rs.RestructureError, match=f"^{field}"):
        locate(founding(**terms))


@pytest.mark.parametrize("other", ["principal", "term", "paid", "missed"])
def test_outstanding_stands_alone(other: str) -> None:
    """`outstanding` does not go with what it takes the place of."""
    with pytest.raises(rs.RestructureError, match=other):
        rs.Loan.of(**{"outstanding": 1000, "remaining": 5, other: 3})


@pytest.mark.parametrize("given", [{"outstanding": 1000}, {"principal": 1000}, {"term": 5}, {}])
def test_what_is_missing_is_named(given: dict[str, Any]) -> None:
    """A loan without its amount or its count is refused, with an example."""
    with pytest.raises(rs.RestructureError, match="is missing; give for instance --"):
        rs.Loan.of(**given)


def test_a_located_loan_stays() -> None:
    """Locating twice is locating once."""
    loan = locate(founding(paid=4, missed=2))
    assert locate(loan) is loan


def test_all_instalments_missed() -> None:
    """With nothing left to fall due, everything is overdue: a plan must give a new count."""
    loan = founding(paid=11, missed=1)
    located = locate(loan)
    assert (located.balance, located.count) == (0, 0)
    assert located.owed == 449879
    assert "no regular instalment" in refusal_of(loan, "arrears:capitalise")
    assert payments(schedule_of(loan, "extend:3")) == [(3, "1535.73")]
    agreed = Comparison(loan, []).plans[0]
    assert (agreed.periods, agreed.total_paid, agreed.payment) == (0, agreed.arrears, 0)


def test_as_agreed_some_instalments_on() -> None:
    """As agreed keeps the contract's rows to the fen: nothing is worked out anew."""
    contract = minor_rows(schedule_of(founding()))
    for paid, missed in ((0, 0), (5, 0), (2, 3), (11, 0)):
        loan = locate(founding(paid=paid, missed=missed))
        baseline = as_agreed(loan)
        assert baseline.at_once == loan.arrears.total
        assert baseline.arrears == Arrears()
        assert minor_rows(schedule_of(loan)) == contract[paid + missed :]


@pytest.mark.parametrize("method", ["equal-principal", "interest-only", "flat"])
def test_the_agreed_instalment_of_other_methods(method: str) -> None:
    """On loans that are not level, the as-agreed instalment is the next one due."""
    contract = schedule_of(founding(method=method))
    loan = locate(founding(method=method, paid=4, missed=2))
    assert loan.instalment == contract.payment[6]
    assert loan.balance == contract.closing[5]
    last = locate(founding(method=method, paid=11))
    assert last.instalment == contract.payment[11]


def test_rounding_may_end_the_contract_before_its_term() -> None:
    """A contract that rounding ends early leaves nothing to restructure after its last row."""
    terms = {"principal": 100, "term": 60, "rate": 0, "currency": "JPY"}
    loan = rs.Loan.of(**terms, instalment_rounding="up:10", paid=9)
    assert amounts(schedule_of(loan), "payment") == [10]
    with pytest.raises(rs.RestructureError, match="the loan has 10 instalments"):
        locate(rs.Loan.of(**terms, instalment_rounding="up:10", paid=10))
