"""The library: the names it offers, the example of the design, and what values are made of."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import restructure as rs
from loans import founding

EXAMPLE = """
import restructure as rs
loan = rs.Loan.of(principal=50_000, term=12, rate="14.4%")
for plan in rs.compare(loan, ["defer:3", "extend:6", "reduce:3000"]).plans:
    print(plan.name, plan.payment, plan.total_interest, plan.npv_loss)
"""


def test_the_example_of_the_design() -> None:
    """Five lines of library print a line a plan, with the check values of the design."""
    written = io.StringIO()
    with redirect_stdout(written):
        exec(EXAMPLE, {})
    lines = written.getvalue().splitlines()
    assert lines[0] == "as agreed 4498.77 3985.26 0.00"
    assert [line.split()[:3] for line in lines[1:2] + lines[3:]] == [
        ["defer:3", "4662.68", "5952.14"],
        ["reduce:3000", "3000.00", "6123.64"],
    ]
    # At the contract rate nothing is lost, but for what rounding moves.
    assert all(abs(Decimal(line.split()[-1])) <= Decimal("0.05") for line in lines)


def test_the_example_is_in_the_docstring() -> None:
    """The package's own docstring has the same example."""
    assert rs.__doc__
    for line in EXAMPLE.strip().splitlines():
        assert line in rs.__doc__


NAMES = [
    "Comparison",
    "Instalment",
    "Loan",
    "Measure",
    "Plan",
    "PlanResult",
    "RestructureError",
    "Schedule",
    "build",
    "compare",
    "locate",
    "parse_plan",
    "parse_plans",
]


def test_public_names() -> None:
    """These names are public, and stay so; more may join them."""
    assert set(NAMES) <= set(rs.__all__)
    for name in rs.__all__:
        thing = getattr(rs, name)
        assert thing.__doc__, name
        assert thing.__module__.startswith("restructure"), name
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", rs.__version__)


def test_a_name_that_is_not_public() -> None:
    """Another name is an AttributeError, as of any module."""
    with pytest.raises(AttributeError, match="no attribute 'comparison_of'"):
        rs.comparison_of  # noqa: B018
    assert not hasattr(rs, "Forbearance")


def test_amounts_are_decimals() -> None:
    """Amounts are Decimals with the currency's decimals, rates floats, counts ints."""
    line = rs.compare(founding(), ["defer:3"]).plans[1]
    assert line.payment == Decimal("4662.68")
    for value, kind in (
        (line.payment, Decimal),
        (line.npv_loss, Decimal),
        (line.relief[3], Decimal),
        (line.npv_loss_rate, float),
        (line.effective_rate, float),
        (line.periods, int),
        (line.instalments, int),
        (line.name, str),
        (line.refused, str),
    ):
        assert type(value) is kind
    row = next(line.schedule.rows)
    assert isinstance(row, rs.Instalment)
    assert type(row.opening) is Decimal
    assert type(row.number) is int
    yen = rs.compare(founding(currency="JPY"), []).plans[0]
    assert str(yen.payment) == "4499"


def test_columns_are_whole_minor_units() -> None:
    """A schedule's columns are lists of ints; charges are a column as well."""
    schedule = rs.build(rs.locate(founding()))
    assert schedule.payment[:2] == [449877, 449877]
    assert schedule.charges == [0] * len(schedule) == [0] * 12
    assert schedule.opening[1:] == schedule.closing[:-1]


@pytest.mark.parametrize(
    "principal", [50_000, 50_000.0, "50000", "50000.00", Decimal(50_000), Decimal("5E+4")]
)
def test_a_loan_takes_plain_values(principal: Any) -> None:
    """Amounts are read from int, float, Decimal and text alike."""
    assert rs.Loan.of(principal=principal, term=12, rate="14.4%") == founding()


@pytest.mark.parametrize("rate", ["14.4%", "14.4", 14.4, Decimal("14.4"), Fraction(144, 1000)])
def test_a_loan_takes_any_rate(rate: Any) -> None:
    """So are rates; an exact fraction is the rate itself."""
    assert rs.Loan.of(principal=50_000, term=12, rate=rate).rate == Fraction(144, 1000)


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("等额本息", "level"),
        ("等额本金", "equal-principal"),
        ("先息后本", "interest-only"),
        ("等本等息", "flat"),
        ("Level", "level"),
        ("equal_principal", "equal-principal"),
        (" INTEREST-ONLY ", "interest-only"),
    ],
)
def test_names_of_methods(method: str, name: str) -> None:
    """Methods have an English and a Chinese name."""
    assert founding(method=method).method == name


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"princpal": 5}, "Did you mean 'principal'"),
        ({"method": "levl"}, "Did you mean 'level'"),
        ({"method": "annuity"}, "等额本息"),
        ({"rounding": "half_up"}, "Did you mean 'half-up'"),
        ({"rounding": "nearest"}, "half-up, half-even, up, down"),
        ({"day_count": "act/366"}, "act/365"),
        ({"term": 0}, "whole number from 1 to 5200"),
        ({"term": 5201}, "whole number from 1 to 5200"),
        ({"term": "12.5"}, "whole number from 1 to 5200"),
        ({"term": True}, "not a number"),
        ({"first_due": "2026-02-30"}, "not a date of the calendar"),
        ({"first_due": "30.11.2026"}, "not a date of the calendar"),
        ({"first_due": "２０２６-11-30"}, "not a date of the calendar"),
        ({"start": "2026-11-30", "first_due": "2026-11-30"}, "not after the start"),
        ({"as_of": "2026-11-30"}, "as_of"),
        ({"first_due": "9999-06-01"}, "year 9999"),
    ],
)
def test_what_a_loan_refuses(given: dict[str, Any], says: str) -> None:
    """Unknown fields and values say what is allowed, with the nearest name."""
    with pytest.raises(rs.RestructureError, match=re.escape(says)) as error:
        founding(**given)
    assert error.value.field
    assert error.value.exit_code == 3


def test_dates_of_a_loan() -> None:
    """A start gives the first due date one period on; the maturity is that of the last row."""
    loan = founding(start="2026-11-24")
    assert loan.first_due == date(2026, 12, 24)
    assert rs.compare(loan, ["defer:3"]).plans[1].maturity == date(2028, 2, 24)
    assert founding(first_due=date(2026, 12, 31)).first_due == date(2026, 12, 31)
    weekly = founding(start="2026-11-24", every="2 weeks")
    assert weekly.first_due == date(2026, 12, 8)
    assert rs.compare(weekly, []).plans[0].maturity == date(2027, 5, 11)


def test_as_of_is_the_last_due_date() -> None:
    """`as_of` may be given where it is what the history says: the last due date that passed."""
    terms = {"first_due": "2026-07-31", "paid": 3, "missed": 2}
    loan = founding(**terms, as_of="2026-11-30")
    rows = [*rs.compare(loan, []).plans[0].schedule.rows]
    assert rows[0].due == date(2026, 12, 31)
    with pytest.raises(rs.RestructureError, match="2026-11-30"):
        founding(**terms, as_of="2026-11-29")


def test_plans_can_be_applied_by_hand() -> None:
    """`locate`, `parse_plan`, `apply` and `build` are the steps that `compare` takes."""
    located = rs.locate(founding(paid=4, missed=2))
    by_hand = rs.build(rs.parse_plan("defer:3").apply(located))
    (line,) = rs.compare(located, ["defer:3"]).plans[1:]
    assert by_hand.payment == line.schedule.payment


def test_a_comparison_holds_loan_and_lines() -> None:
    """A comparison has the loan on the day, the schedule as agreed, and a line a plan."""
    comparison = rs.compare(founding(paid=4, missed=2), ["defer:3"])
    assert isinstance(comparison, rs.Comparison)
    assert comparison.loan.owed == 3494087
    assert comparison.agreed is comparison.plans[0].schedule
    assert all(isinstance(line, rs.PlanResult) for line in comparison.plans)
    assert all(line.comparison is comparison for line in comparison.plans)


def test_errors_are_one_family() -> None:
    """One except clause catches every error that is raised on purpose."""
    for wrong in (
        lambda: rs.Loan.of(principal=-1, term=12),
        lambda: rs.Loan.of(nonsense=1),
        lambda: rs.parse_plan("defre:3"),
        lambda: rs.compare(founding(), ["reduce:1"]).plans[1].payment,
        lambda: rs.locate(founding(paid=12)),
    ):
        with pytest.raises(rs.RestructureError):
            wrong()
