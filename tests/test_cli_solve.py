"""Solve on the command line: every direction of every method, against plain arithmetic."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from commandline import refused, run

METHODS = ("level", "equal-principal", "interest-only", "flat")


def answers(*args: str) -> list[dict[str, Any]]:
    """Return the answers of solve, with exact decimals."""
    ran = run("solve", *args, "--format", "json")
    assert ran.code == 0, ran
    found: list[dict[str, Any]] = json.loads(ran.out, parse_float=Decimal)["answers"]
    return found


@pytest.mark.parametrize(
    ("method", "payment", "interest"),
    [
        # 50,000 / 12 = 4,166.67; 1.2 % of 50,000 is 600; 600 x 12; 600 x (12 + ... + 1) / 12.
        ("level", "4498.77", "3985.26"),
        ("equal-principal", "4766.67", "3900.00"),
        ("interest-only", "600.00", "7200.00"),
        ("flat", "4766.67", "7200.00"),
    ],
)
def test_the_payment_of_each_method(method: str, payment: str, interest: str) -> None:
    """The first instalment and the whole interest of 50,000 over 12 months at 14.4 %."""
    (answer,) = answers("--principal=50000", "--term=12", "--rate=14.4", f"--method={method}")
    assert (answer["found"], answer["term"], answer["rate"]) == ("payment", 12, Decimal("0.144"))
    assert (str(answer["payment"]), str(answer["total_interest"])) == (payment, interest)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("more", [(), ("--every", "quarter"), ("--compounding", "semi-annual")])
def test_the_rate_gives_back_the_payment(method: str, more: tuple[str, ...]) -> None:
    """The rate found from a payment gives that payment again, on compare as on solve."""
    loan = ("--principal=50000", "--term=12", f"--method={method}", *more)
    (answer,) = answers(*loan, "--payment=4900.12")
    assert answer["found"] == "rate"
    assert str(answer["payment"]) == "4900.12"
    (again,) = answers(*loan, f"--rate={answer['rate'] * 100:f}")
    assert abs(again["payment"] - answer["payment"]) <= Decimal("0.01")
    ran = run("compare", *loan, "--payment=4900.12", "--format=json")
    assert json.loads(ran.out, parse_float=Decimal)["loan"]["instalment"] == Decimal("4900.12")
    assert "The rate that fits the payment is" in ran.err


@pytest.mark.parametrize(
    ("method", "term", "payment"),
    [
        ("level", 11, "5000.00"),
        # 4,400 of 5,000 is principal: 12 instalments, of which 11 would need 5,145.45.
        ("equal-principal", 12, "4766.67"),
        ("flat", 12, "4766.67"),
    ],
)
def test_the_term_of_each_method(method: str, term: int, payment: str) -> None:
    """The least term that a payment of 5,000 allows, on compare as on solve."""
    loan = ("--principal=50000", "--rate=14.4", f"--method={method}", "--payment=5000")
    (answer,) = answers(*loan)
    assert (answer["found"], answer["term"]) == ("term", term)
    assert str(answer["payment"]) == payment
    ran = run("compare", *loan, "--format=json")
    assert json.loads(ran.out)["loan"]["term"] == term


@pytest.mark.parametrize("command", ["solve", "compare"])
def test_the_term_of_an_interest_only_loan(command: str) -> None:
    """Its instalment is the same over any term, so the term cannot be found from it."""
    loan = ("--principal=50000", "--rate=14.4", "--payment=600", "--method=interest-only")
    refused(run(command, *loan), "interest-only", "600.00", "give the term", codes=(3,))


@pytest.mark.parametrize("method", ["equal-principal", "flat"])
def test_a_payment_below_the_interest_has_no_term(method: str) -> None:
    """The least payment is named: 600 of interest and a 1,200th of 50,000, 41.67."""
    loan = ("--principal=50000", "--rate=14.4", f"--method={method}")
    for payment in ("100", "600", "641.66"):
        refused(run("solve", *loan, f"--payment={payment}"), "641.67", codes=(3,))
    assert answers(*loan, "--payment=641.67")[0]["term"] == 1200


@pytest.mark.parametrize("method", METHODS)
def test_the_principal_gives_back_the_payment(method: str) -> None:
    """The principal found is the largest with this payment: a fen more needs more, or is equal."""
    loan = ("--term=12", "--rate=14.4", f"--method={method}")
    (answer,) = answers(*loan, "--payment=5000")
    assert answer["found"] == "principal"
    assert answer["payment"] == 5000
    (more,) = answers(*loan, f"--principal={answer['principal'] + 1}")
    assert more["payment"] > 5000


def test_an_interest_only_loan_without_interest() -> None:
    """Any principal fits a payment of nothing: that is said."""
    loan = ("--term=12", "--rate=0", "--payment=5", "--method=interest-only")
    refused(run("solve", *loan), "any principal", codes=(3,))


def test_a_wanted_instalment() -> None:
    """With all four: the term at this rate, and the rate over this term, or why there is none."""
    loan = ("--principal=50000", "--term=12", "--rate=14.4")
    term, rate = answers(*loan, "--payment=4300")
    assert (term["found"], term["term"], str(term["payment"])) == ("term", 13, "4300.00")
    assert (rate["found"], rate["term"], str(rate["payment"])) == ("rate", 12, "4300.00")
    assert Decimal("0.0585") < rate["rate"] < Decimal("0.0586")  # 4300 = 50000 f / (1 - (1+f)^-12)
    term, rate = answers(*loan, "--payment=3000")
    assert (term["term"], str(term["last_payment"])) == (19, "2123.64")
    assert "the least is 4,166.67" in rate["refused"]
