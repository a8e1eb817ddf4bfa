"""Metrics: yields, present values, relief, and what a line of a comparison says."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import restructure as rs
from loans import examples, founding, line_of, payments, schedule_of
from restructure import metrics
from restructure.comparison import HORIZONS, compare
from restructure.metrics import annual, original_rate, period_yield, present_value
from restructure.position import locate

# Present value and yield


@pytest.mark.parametrize(
    ("flows", "rate", "at_once", "expected"),
    [
        ([], 0.1, 0, 0),
        ([], 0.1, 50, 50),
        ([110], 0.1, 0, 100),
        ([0, 121], 0.1, 0, 100),
        ([110, 121], 0.1, 0, 200),
        ([110, 121], 0.1, 7, 207),
        ([10, 20, 30], 0, 5, 65),
        ([1], 1.0, 0, 0.5),
    ],
)
def test_present_value(flows: list[int], rate: float, at_once: int, expected: float) -> None:
    """Payments one period apart, the first in one period; what is paid at once counts in full."""
    assert present_value(flows, rate, at_once) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("advance", "flows", "expected"),
    [
        (100, [110], 0.1),
        (100, [10, 110], 0.1),
        (100, [0, 121], 0.1),
        (100, [100], 0.0),
        (100, [50, 50], 0.0),
        (100, [25, 25], -0.292893218813452),  # 25 (x + x^2) = 100 at x = (sqrt(17) - 1) / 2
        (100, [90], -0.1),
        (100, [300], 2.0),
        (1, [10**6], 10**6 - 1),
        (100, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], (1 / 100) ** (1 / 10) - 1),
        (1000, [1] * 10, None),
        (5_000_000, [450_000] * 12, None),
    ],
)
def test_period_yield(advance: int, flows: list[int], expected: float | None) -> None:
    """The one rate at which the payments are worth the advance; also far below and above 0."""
    found = period_yield(advance, flows)
    assert found is not None
    if advance == 100 and flows == [25, 25]:
        expected = 2 / (17**0.5 - 1) - 1
    if expected is None:  # no closed form: the rate is checked by what it makes of the flows
        assert present_value(flows, found) == pytest.approx(advance, rel=1e-9)
    else:
        assert found == pytest.approx(expected, rel=1e-8, abs=1e-12)


@pytest.mark.parametrize(
    ("advance", "flows"), [(0, [5]), (-10, [5]), (100, []), (100, [0, 0]), (0, [])]
)
def test_no_yield(advance: int, flows: list[int]) -> None:
    """Without an advance, or without a payment, there is no yield: None, not a number."""
    assert period_yield(advance, flows) is None
    assert annual(period_yield(advance, flows), 12) is None


@given(
    rate=st.floats(-0.5, 3),
    flows=st.lists(st.integers(0, 10**9), min_size=1, max_size=120),
)
@examples(300)
def test_the_yield_is_found_again(rate: float, flows: list[int]) -> None:
    """Flows discounted at a rate yield that rate: for any flows, and any rate above -50 %."""
    flows[-1] += 10**6
    advance = round(present_value(flows, rate))
    found = period_yield(advance, flows)
    if advance < 10**4:  # rounding the advance moves the rate too far
        return
    assert found is not None
    assert present_value(flows, found) == pytest.approx(advance, rel=1e-7)


def test_the_bracket_finds_what_newton_finds() -> None:
    """The fallback by bisection gives the same rates, and None where it has no bracket."""
    for advance, flows in ((100, [10, 110]), (100, [90]), (100, [300]), (1, [10**6]), (7, [1] * 9)):
        expected = period_yield(advance, flows)
        assert metrics._bracketed(advance, flows) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert metrics._bracketed(1, [10**12]) is None  # above 10^9
    assert metrics._bracketed(10**9, [1]) is None  # below -99.9 %


@pytest.mark.parametrize(
    ("period", "per_year", "expected"),
    [(0.01, 12, 0.126825030), (0.1, 1, 0.1), (0.0, 12, 0.0), (-0.01, 12, -0.113615128)],
)
def test_annual(period: float, per_year: float, expected: float) -> None:
    """(1 + i)^n - 1."""
    assert annual(period, per_year) == pytest.approx(expected)


# What a line says


def test_the_effective_rate_is_that_of_the_contract() -> None:
    """14.4 % a month compounded is 15.3895 % a year; plans at contract rate keep it."""
    assert pytest.approx(0.153894624) == 1.012**12 - 1
    for line in compare(founding(), ["defer:3", "extend:12", "reduce:3000", "balloon:20%"]).plans:
        assert line.effective_rate == pytest.approx(0.153895, abs=5e-6)


@pytest.mark.parametrize(
    ("every", "a_year"), [("week", 52), ("month", 12), ("quarter", 4), ("year", 1)]
)
def test_the_effective_rate_of_other_periods(every: str, a_year: int) -> None:
    """The yield a period is compounded as many times as there are periods a year."""
    line = compare(founding(every=every, decimals=6), []).plans[0]
    assert line.effective_rate == pytest.approx((1 + 0.144 / a_year) ** a_year - 1, abs=1e-8)


def test_the_effective_rate_counts_arrears() -> None:
    """It relates what is paid to what is owed on the day: arrears at once are taken off."""
    agreed, pays = compare(founding(paid=4, missed=2), ["arrears:forgive,penalty=forgive"]).plans
    assert agreed.effective_rate == pytest.approx(0.1539, abs=1e-4)
    # Paying only the rest of 25,894.26 for 34,940.87 owed yields less than nothing.
    assert pays.effective_rate is not None
    assert pays.effective_rate < -0.5


def test_no_effective_rate() -> None:
    """With everything paid at once there is nothing that yields: None."""
    agreed = compare(founding(paid=11, missed=1), []).plans[0]
    assert agreed.effective_rate is None
    assert agreed.npv_loss_rate == 0


def test_npv_loss_by_hand() -> None:
    """NPV0 - NPV1 at the original effective rate, with its fee: worked out in fractions.

    A fee raises the original rate above the contract's; a plan at the contract rate then loses.
    """
    loan = founding(fee=500)
    schedule, agreed = schedule_of(loan, "extend:12"), schedule_of(loan)
    period = locate(loan).original_rate
    assert period is not None
    assert sum(paid * (1 + period) ** -k for k, paid in enumerate(agreed.payment, 1)) == (
        pytest.approx(5_000_000 - 50_000, rel=1e-12)
    )
    before, after = (
        sum(paid * Fraction(1 / (1 + period)) ** k for k, paid in enumerate(one.payment, 1))
        for one in (agreed, schedule)
    )
    line = line_of(loan, "extend:12")
    assert float(line.npv_loss) == pytest.approx(float(before - after) / 100, abs=0.006)
    assert line.npv_loss_rate == pytest.approx(float((before - after) / before), rel=1e-9)
    assert line.npv_loss > 0


def test_npv_of_arrears() -> None:
    """Arrears count as paid on the day: deferring them without interest loses, forgiving more."""
    late = founding(paid=4, missed=2)
    plans = ["arrears:capitalise", "arrears:pay", "arrears:set-aside", "arrears:forgive"]
    losses = [line.npv_loss for line in compare(late, plans).plans]
    assert losses[0] == 0
    assert abs(losses[1] - Decimal("0.58")) < Decimal("0.02")  # 49.07 a month late: 49.07 - 48.49
    # All arrears one month late: 9,046.61 x (1 - 1/1.012) = 107.27.
    assert abs(losses[2] - Decimal("107.27")) < Decimal("0.02")
    assert losses[3] > losses[2]
    # Forgiven: 8,997.54, and the penalty a month late.
    assert abs(losses[4] - Decimal("8998.12")) < Decimal("0.02")


def test_npv_at_no_interest() -> None:
    """Where the original rate is 0, moving payments loses nothing; forgiving loses its amount."""
    free = founding(rate=0)
    assert line_of(free, "defer:6").npv_loss == 0
    assert line_of(free, "forgive:1000").npv_loss == 1000
    assert line_of(free, "forgive:1000").npv_loss_rate == pytest.approx(0.02)


def test_original_rate() -> None:
    """The original rate is that of the contract's flows, less the fee; none without a sum."""
    contract = schedule_of(founding())
    assert original_rate(contract, 0) == pytest.approx(0.012, abs=1e-7)
    assert original_rate(contract, 5_000_000) is None
    fee, percent = locate(founding(fee=500)), locate(founding(fee="1%"))
    assert fee.original_rate == percent.original_rate
    # It stays the same some instalments on.
    assert locate(founding(fee=500, paid=4, missed=2)).original_rate == fee.original_rate


@pytest.mark.parametrize(
    ("plan", "usual", "lowest", "highest", "first", "last", "instalments", "periods"),
    [
        ("", "4498.77", "4498.77", "4498.79", "4498.77", "4498.79", 12, 12),
        ("defer:3", "4662.68", "0.00", "4662.68", "4662.68", "4662.66", 12, 15),
        ("defer:3,interest=pay", "4498.77", "600.00", "4498.79", "600.00", "4498.79", 15, 15),
        ("defer:3,interest=end", "4498.77", "0.00", "6298.79", "4498.77", "6298.79", 12, 15),
        ("reduce:3000", "3000.00", "2123.64", "3000.00", "3000.00", "2123.64", 19, 19),
        ("interest-only:11", "50600.00", "600.00", "50600.00", "600.00", "50600.00", 12, 12),
        # a tie, six regular rows each: the earlier one
        ("rate:10%,for=6", "4395.79", "4395.79", "4451.54", "4395.79", "4451.54", 12, 12),
    ],
)
def test_payments_of_a_line(
    plan: str,
    usual: str,
    lowest: str,
    highest: str,
    first: str,
    last: str,
    instalments: int,
    periods: int,
) -> None:
    """What most regular rows pay, the least and the most, the last, and how many there are."""
    line = line_of(founding(), plan) if plan else compare(founding(), []).plans[0]
    assert str(line.payment) == usual
    assert str(line.lowest_payment) == lowest
    assert str(line.highest_payment) == highest
    assert str(line.first_payment) == first
    assert str(line.last_payment) == last
    assert (line.instalments, line.periods) == (instalments, periods)
    assert line.extra_periods == periods - 12


def test_the_usual_payment_is_that_of_regular_rows() -> None:
    """Eleven rows of interest do not make 600 the instalment; without regular rows they do."""
    schedule = schedule_of(founding(), "interest-only:11")
    assert metrics.usual_payment(schedule) == 5_060_000
    short = schedule_of(founding(principal=100), "reduce:40,for=6")
    assert short.regular_from == len(short) == 3
    assert metrics.usual_payment(short) == 4000


def test_relief() -> None:
    """What stays in the pocket over k periods, against as agreed, which pays 0 after its end."""
    line = line_of(founding(), "defer:3")
    assert tuple(line.relief) == HORIZONS == (3, 6, 12)
    assert line.relief[3] == 3 * Decimal("4498.77")
    assert line.relief[6] == 6 * Decimal("4498.77") - 3 * Decimal("4662.68")
    agreed = Decimal("53985.26")
    assert line.relief[12] == agreed - 9 * Decimal("4662.68")
    assert line.relief_within(15) == agreed - 11 * Decimal("4662.68") - Decimal("4662.66")
    assert line.relief_within(0) == 0
    assert line.relief_within(1) == Decimal("4498.77")


def test_relief_counts_arrears_at_once() -> None:
    """As agreed the arrears are due at once: a plan that spreads them relieves at once."""
    line = line_of(founding(paid=4, missed=2), "defer:3")
    assert line.relief_within(0) == Decimal("9046.61")
    assert line.relief[3] == Decimal("9046.61") + 3 * Decimal("4498.77")


def test_totals() -> None:
    """Totals of the founding case: what three months' pause costs more."""
    agreed, deferred = compare(founding(), ["defer:3"]).plans
    assert agreed.total_paid == Decimal("53985.26")
    assert deferred.total_paid == Decimal("55952.14")  # 50,000 and 5,952.14 of interest
    assert deferred.extra_cost == Decimal("1966.88")
    assert agreed.extra_cost == deferred.forgiven == deferred.arrears == 0
    assert deferred.total_charges == 0


# Notes


@pytest.mark.parametrize(
    ("terms", "plan", "noted"),
    [
        ({}, "defer:3", False),
        ({}, "rate:5%,for=9", False),  # the last three pay more because the rate rises
        ({"paid": 4, "missed": 2}, "arrears:spread,over=5", False),
        ({}, "balloon:10%", False),
        ({}, "set-aside:10%", False),
        ({}, "extra:5000,at=3", False),
        ({}, "reduce:3000", False),
        ({"instalment_rounding": "up:1000"}, "extend:1", True),
        ({"instalment_rounding": "1000"}, "balloon:10%", True),
        ({"principal": 1000, "term": 360, "rate": "20%", "currency": "JPY"}, "extend:1", True),
    ],
)
def test_the_note_on_the_last_instalment(terms: dict[str, Any], plan: str, noted: bool) -> None:
    """Only where rounding moves the last instalment by more than 1 % does a note say so."""
    notes = line_of(founding(**terms), plan).notes
    assert any("rounding moves" in note for note in notes) == noted


def test_the_note_names_the_residue() -> None:
    """1,000 yen over 361 months at 20 %: 17 a month pay the interest alone, 1,000 are left."""
    loan = rs.Loan.of(principal=1000, term=360, rate="20%", currency="JPY")
    line = line_of(loan, "extend:1")
    assert payments(line.schedule) == [(360, "17"), (1, "1017")]
    assert "1,000" in line.notes[0]


@pytest.mark.parametrize(
    ("plan", "grows_to"),
    [
        ("reduce:500,for=3", "50,303.61"),  # 100.00, 101.20 and 102.41 are missing
        ("defer:3,pays=500", "50,303.61"),
        ("step:10%x2", "50,302.04"),  # 449.88 of 600.00, then of 601.80
        ("reduce:700,for=3", ""),
        ("defer:3", ""),  # a pause is not a payment that is too low
        ("interest-only:3", ""),
    ],
)
def test_the_note_on_negative_amortisation(plan: str, grows_to: str) -> None:
    """Payments below the interest are noted, with the debt at its highest."""
    notes = [note for note in line_of(founding(), plan).notes if "negative amortisation" in note]
    assert bool(notes) == bool(grows_to)
    assert not grows_to or grows_to in notes[0]


def test_notes_on_arrears() -> None:
    """With arrears the comparison says what is overdue, and what plans make of it."""
    notes = compare(founding(paid=4, missed=2), ["defer:3"]).notes
    text = " ".join(notes)
    for amount in ("8,227.69", "769.85", "49.07", "34,940.87"):
        assert amount in text
    assert "As agreed means: the arrears at once" in text
    assert not any("verdue" in note for note in compare(founding(paid=4), ["defer:3"]).notes)


def test_notes_stand_by_their_line() -> None:
    """A line's note appears among those of the comparison, with the line's name."""
    comparison = compare(founding(), ["low=reduce:500,for=3", "defer:3"])
    assert [note[:4] for note in comparison.notes] == ["low:"]


# Refusals beside answers


def test_a_refused_line() -> None:
    """A refused plan takes its line with the reason; the others are computed; figures raise."""
    agreed, refused, deferred = compare(founding(), ["reduce:1", "defer:3"]).plans
    assert refused.refused
    assert refused.name == refused.plan == "reduce:1"
    for figure in ("schedule", "payment", "total_paid", "npv_loss", "effective_rate", "relief"):
        with pytest.raises(rs.RestructureError, match="does not exceed the interest"):
            getattr(refused, figure)
    assert not refused.notes
    assert deferred.payment == Decimal("4662.68")
    assert not agreed.refused


@pytest.mark.parametrize(
    ("plans", "expected"),
    [
        ([], False),
        (["defer:3"], False),
        (["reduce:1"], True),
        (["reduce:1", "defer:3"], False),
        (["reduce:1", "forgive:100%"], True),
    ],
)
def test_all_refused(plans: list[str], expected: bool) -> None:
    """Whether not one of the plans asked for could be computed."""
    assert compare(founding(), plans).all_refused == expected


def test_plans_by_default() -> None:
    """Without plans, a pause of 3, a term 6 longer, and an instalment 30 % lower."""
    lines = rs.compare(founding()).plans
    assert [line.name for line in lines] == ["as agreed", "defer:3", "extend:6", "reduce:30%"]
    assert lines[0].description == "12 instalments as scheduled"
    late = rs.compare(founding(paid=4, missed=2)).plans[0]
    assert late.description == "Arrears at once, then 6 instalments as scheduled"


def test_plans_that_were_parsed() -> None:
    """A plan that was parsed stands for its text."""
    plan = rs.parse_plan("breather=defer:3")
    (line,) = compare(founding(), [plan]).plans[1:]
    assert (line.name, line.plan) == ("breather", "defer:3")
