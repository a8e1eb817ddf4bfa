"""Solving: payment, term, rate or principal from the others, each checked by the formula."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import restructure as rs
from loans import examples, founding, payments
from restructure.engine import build
from restructure.solutions import solve
from restructure.solving import payment_of, principal_for, rate_for, term_for


def answer(**values: Any) -> Any:
    """Return the only answer to a question."""
    (found,) = solve(values).answers
    return found


def level(balance: int, rate: Fraction, count: int) -> int:
    """Return the level instalment at a nominal rate a year by the textbook, to the nearest."""
    i = rate / 12
    exact = balance * i / (1 - (1 + i) ** -count) if i else Fraction(balance, count)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


# Payment


@pytest.mark.parametrize(
    ("method", "payment"),
    [
        ("level", "4498.77"),
        ("equal-principal", "4766.67"),  # 50,000 / 12 + 600
        ("interest-only", "600.00"),
        ("flat", "4766.67"),
    ],
)
def test_payment(method: str, payment: str) -> None:
    """The first instalment of each method, as the textbook has it."""
    found = answer(principal=50_000, term=12, rate="14.4%", method=method)
    assert found.found == "payment"
    assert found.payment == int(payment.replace(".", ""))
    assert found.payment == payment_of(founding(method=method))
    assert len(found.schedule) == 12


def test_payment_of_one_instalment_of_interest_only() -> None:
    """With one instalment only, principal falls due with it."""
    assert answer(principal=50_000, term=1, rate="12%", method="interest-only").payment == 5050000


# Term


@pytest.mark.parametrize(
    ("payment", "paid"),
    [
        (4500, [(11, "4500.00"), (1, "4484.25")]),
        (3000, [(18, "3000.00"), (1, "2123.64")]),  # a check value of the design
        ("4498.77", [(11, "4498.77"), (1, "4498.79")]),
        (50_600, [(1, "50600.00")]),
        (60_000, [(1, "50600.00")]),
    ],
)
def test_term(payment: Any, paid: list[tuple[int, str]]) -> None:
    """The payment is made until the loan is repaid; the rows are the term."""
    found = answer(principal=50_000, rate="14.4%", payment=payment)
    assert found.found == "term"
    assert payments(found.schedule) == paid
    assert found.loan.term == found.loan.count == len(found.schedule)


def test_no_term() -> None:
    """A payment that the interest eats up names the least that works."""
    with pytest.raises(rs.RestructureError, match=r"The least that works is 600\.01"):
        solve({"principal": 50_000, "rate": "14.4%", "payment": 600})
    with pytest.raises(rs.RestructureError, match=r"The least that works is 600\.01"):
        term_for(founding(), 100)


# Rate


@pytest.mark.parametrize("payment", ["4166.67", 4170, 4500, 5000, 10_000, 50_000, 400_000])
def test_rate(payment: Any) -> None:
    """The nominal rate a year at which the textbook asks for this payment, and no other."""
    found = answer(principal=50_000, term=12, payment=payment)
    assert found.found == "rate"
    rate = found.loan.rate
    minor = int(Decimal(payment) * 100)
    assert found.payment == level(5_000_000, rate, 12) == minor
    # Half a tenth of a point less or more asks for another payment.
    step = Fraction(1, 2000)
    assert rate < step or level(5_000_000, rate - step, 12) < minor
    assert level(5_000_000, rate + step, 12) > minor


def test_rate_of_the_founding_case() -> None:
    """4,500 a month is 14.452 % (rules, section 0), in the fewest decimals that give it back."""
    rate = answer(principal=50_000, term=12, payment=4500).loan.rate
    assert round(float(rate) * 100, 3) == 14.452
    assert (rate * 10**8).denominator == 1
    # A large principal needs more decimals than those eight.
    big = answer(principal=10**12, term=12, payment="90000000000.01").loan.rate
    assert (big * 10**8).denominator > 1
    assert level(10**14, big, 12) == 9_000_000_000_001


@given(
    principal=st.integers(10_000, 10**10),
    term=st.integers(1, 480),
    rate=st.integers(0, 2000).map(lambda thousandths: Fraction(thousandths, 1000)),
)
@examples(150)
def test_the_rate_gives_back_the_payment(principal: int, term: int, rate: Fraction) -> None:
    """From the payment at a rate, the rate found asks for the same payment, to the fen."""
    payment = level(principal, rate, term)
    loan = founding(principal=Decimal(principal) / 100, term=term, rate=0)
    assume(payment * term >= principal or not rate)
    assume(payment >= Fraction(principal, term))
    found = rate_for(loan, payment)
    assert level(principal, found, term) == payment


@pytest.mark.parametrize(
    ("method", "payment", "percent"),
    [
        ("equal-principal", "4766.67", "14.4"),
        ("interest-only", 600, "14.4"),
        ("flat", "4766.67", "14.4"),
        ("flat", "4166.67", "0"),
        ("interest-only", 1, "0.024"),
    ],
)
def test_rate_of_other_methods(method: str, payment: Any, percent: str) -> None:
    """What the first instalment has beyond principal is interest: times 12, over principal."""
    found = answer(principal=50_000, term=12, payment=payment, method=method)
    assert found.loan.rate == Fraction(percent) / 100


@pytest.mark.parametrize("compounding", ["semi-annual", "year", "week"])
def test_rate_under_another_compounding(compounding: str) -> None:
    """The rate found asks for the payment also where it compounds more or less often."""
    terms = {"principal": 100_000, "term": 300, "currency": "CAD", "compounding": compounding}
    payment = rs.Loan.of(**terms, rate="6%")
    found = answer(**terms, payment=payment.currency.decimal(payment_of(payment)))
    assert found.loan.rate * 100 == pytest.approx(6, abs=1e-4)
    assert found.payment == payment_of(payment)


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"payment": 4166}, "the least is 4,166.67"),
        ({"payment": "0.01"}, "the least is 4,166.67"),
        ({"payment": 4166, "method": "flat"}, "the least is 4,166.67"),
        ({"payment": 500_000}, "above 10,000 %"),
        ({"payment": 999_999, "method": "interest-only"}, "above 10,000 %"),
        ({"payment": "4500.001"}, "more decimals than CNY has"),
        ({"payment": 0}, "above 0"),
        ({"payment": -1}, "above 0"),
    ],
)
def test_no_rate(terms: dict[str, Any], says: str) -> None:
    """A payment below the principal's parts, or one that needs an absurd rate, is refused."""
    with pytest.raises(rs.RestructureError, match=says) as error:
        solve({"principal": 50_000, "term": 12, **terms})
    assert error.value.field == "payment"


def test_the_least_payment_of_a_rate_works() -> None:
    """The least that the refusal names is repaid at a rate of 0."""
    assert answer(principal=50_000, term=12, payment="4166.67").loan.rate == 0


# Principal


@pytest.mark.parametrize(
    ("terms", "payment"),
    [
        ({}, 4500),
        ({}, "0.05"),
        ({"rate": 0}, 4500),
        ({"rate": "1000%"}, 4500),
        ({"term": 360, "rate": "6%"}, "1199.10"),
        ({"method": "equal-principal"}, 4500),
        ({"method": "flat"}, 4500),
        ({"method": "interest-only"}, 600),
        ({"instalment_rounding": "100"}, 4500),
        ({"instalment_rounding": "up:10"}, 4495),
        ({"currency": "JPY"}, 4500),
    ],
)
def test_principal(terms: dict[str, Any], payment: Any) -> None:
    """The largest principal that the payment repays: a minor unit more asks for more."""
    values = {"term": 12, "rate": "14.4%", **terms}
    found = answer(**values, payment=payment)
    assert found.found == "principal"
    unit = Decimal(1).scaleb(-found.loan.currency.exponent)
    wanted = Decimal(str(payment))
    principal = found.loan.currency.decimal(found.loan.principal)
    assert found.loan.currency.decimal(found.payment) <= wanted
    more = rs.Loan.of(**values, principal=principal + unit)
    assert more.currency.decimal(payment_of(more)) > wanted
    assert found.loan.balance == found.loan.principal
    assert sum(found.schedule.principal) == found.loan.principal


def test_principal_by_the_formula() -> None:
    """4,500 over 12 at 1.2 % carry P = A (1 - 1.012^-12) / 0.012 = 50,013.6 and half a fen more."""
    i = Fraction(12, 1000)
    exact = (450_000 + Fraction(1, 2)) * (1 - (1 + i) ** -12) / i
    largest = exact.numerator // exact.denominator
    assert answer(term=12, rate="14.4%", payment=4500).loan.principal == largest
    assert largest // 100 == 50_013


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"rate": 0, "method": "interest-only", "payment": 600}, "any principal"),
        ({"instalment_rounding": "up:100", "payment": 50}, "too small for any principal"),
        ({"payment": 0}, "above 0"),
    ],
)
def test_no_principal(terms: dict[str, Any], says: str) -> None:
    """A payment that no principal asks for, and one that all do, are refused."""
    with pytest.raises(rs.RestructureError, match=says):
        solve({"term": 12, "rate": "14.4%", **terms})
    with pytest.raises(rs.RestructureError, match="above 0"):
        principal_for(founding(), 0)


# All four


def test_all_four() -> None:
    """With all four, the term that the payment needs and the rate that it needs are both found."""
    term, rate = solve({"principal": 50_000, "term": 12, "rate": "14.4%", "payment": 4500}).answers
    assert (term.found, term.loan.term) == ("term", 12)
    assert (rate.found, round(float(rate.loan.rate) * 100, 3)) == ("rate", 14.452)


def test_all_four_with_half_an_answer() -> None:
    """Where the payment fits only one of them, the other has its reason."""
    term, rate = solve({"principal": 50_000, "term": 12, "rate": "14.4%", "payment": 4000}).answers
    assert (len(term.schedule), rate.schedule) == (14, None)
    assert "the least is 4,166.67" in rate.refused
    assert not term.refused


def test_all_four_without_an_answer() -> None:
    """Where it fits neither, both reasons are given."""
    with pytest.raises(rs.RestructureError, match=r"600\.01.*4,166\.67"):
        solve({"principal": 50_000, "term": 12, "rate": "14.4%", "payment": 100})


def test_a_rate_is_assumed_and_noted() -> None:
    """A rate that is missing beside another value is 14.4 %, with a note."""
    assert any("14.4 %" in note for note in solve({"principal": 50_000, "term": 12}).notes)
    assert any("14.4 %" in note for note in solve({"term": 12, "payment": 4500}).notes)
    assert not solve({"principal": 50_000, "term": 12, "rate": "14.4%"}).notes


@pytest.mark.parametrize(
    ("name", "value"), [("paid", 3), ("missed", 1), ("outstanding", 500), ("fees", 1)]
)
def test_positions_are_not_used(name: str, value: int) -> None:
    """`solve` works on the whole loan: fields of a position are refused by name."""
    with pytest.raises(rs.RestructureError, match=f"{name}.* not used by solve"):
        solve({"principal": 50_000, "term": 12, name: value})


def test_too_little_is_given() -> None:
    """With two of the four missing, there is nothing to solve."""
    for values in ({}, {"principal": 50_000}, {"term": 12}, {"payment": 4500}):
        with pytest.raises(rs.RestructureError, match="missing"):
            solve(values)


def test_a_loan_from_its_payment() -> None:
    """`Loan.of` takes a payment in place of the rate; the loan pays it."""
    loan = rs.Loan.of(principal=50_000, term=12, payment=4500)
    assert build(loan).payment[:11] == [450_000] * 11
    assert any("14.452" in note for note in loan.notes)


def test_a_contract_that_names_its_instalment() -> None:
    """Rate, term and payment together: the payment stands, and the last one takes the rest."""
    loan = founding(payment=4500)
    assert build(loan).payment[:11] == [450_000] * 11
    assert build(loan).payment[11] < 450_000
    with pytest.raises(rs.RestructureError, match="payment"):
        founding(payment=4500, method="flat")


def test_a_payment_that_gives_the_term_is_paid() -> None:
    """4,400 at 14.4 % repays 50,000 in 13 instalments: 12 of 4,400 and a smaller last one.

    A balance of 50,000 x 1.012^12 - 4,400 x (1.012^12 - 1) / 0.012 = 1,262.2 is left after 12.
    """
    agreed = rs.compare(rs.Loan.of(principal=50_000, rate="14.4%", payment=4400), []).plans[0]
    left = 50_000 * 1.012**12 - 4400 * (1.012**12 - 1) / 0.012
    assert agreed.schedule.payment[:12] == [440_000] * 12
    assert float(agreed.last_payment) == pytest.approx(left * 1.012, abs=0.05)
    assert agreed.periods == 13
