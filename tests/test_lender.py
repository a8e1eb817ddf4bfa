"""The lender's figures: diminished obligation, ten-percent test, gain or loss."""

from __future__ import annotations

from decimal import Decimal

import pytest

from restructure import Loan, compare
from restructure.lender import lender_figures


@pytest.mark.parametrize(
    ("plan", "share", "diminished"),
    [
        # Origin case at 14.452 %, worked out from the EBA formula (rules of the field, section 0).
        ("extend:12", 0.0000, False),
        ("extend:12+rate:10%", 0.0432, True),
        ("extend:12+rate:0%", 0.1360, True),
        ("defer:3,interest=waive", 0.0353, True),
    ],
)
def test_diminished_obligation(plan: str, share: float, diminished: bool) -> None:
    """EBA/GL/2016/07, 49 to 51: extension at the contract rate is neutral, concessions are not."""
    loan = Loan.of(principal=50_000, term=12, payment=4_500)
    figures = lender_figures(compare(loan, [plan]).plans[1])
    assert figures.npv_loss_rate == pytest.approx(share, abs=5e-5)
    assert figures.diminished is diminished


def test_flows_two_years_later() -> None:
    """The zeb article (2025): 5 % effective, cash flows two years later, 9 to 10 % lost."""
    loan = Loan.of(principal=100_000, term=1, rate="5%", every="year", method="interest-only")
    figures = lender_figures(compare(loan, ["defer:2,interest=waive"]).plans[1])
    assert figures.npv_loss_rate == pytest.approx(1 - 1.05**-2, abs=1e-6)  # 9.297 %


def test_ten_percent_counts_the_fee_and_the_loss_does_not() -> None:
    """IFRS 9 B3.3.6 compares values with fees; 5.4.3 leaves fees out of the gain or loss."""
    loan = Loan.of(principal=50_000, term=12, rate="14.4%")
    line = compare(loan, ["rate:10%"]).plans[1]
    without, with_fee = lender_figures(line), lender_figures(line, Decimal("500"))
    assert without.gain == with_fee.gain == -line.npv_loss
    assert without.ten_percent == pytest.approx(float(line.npv_loss) / 50_000, abs=1e-6)
    assert with_fee.ten_percent == pytest.approx(abs(float(line.npv_loss) - 500) / 50_000, abs=1e-6)


def test_a_tenth_forgiven_is_substantial() -> None:
    """Forgiving a tenth of the debt at an unchanged rate changes its value by ten per cent."""
    loan = Loan.of(principal=50_000, term=12, rate="14.4%")
    small, large = compare(loan, ["forgive:9.9%", "forgive:10.1%"]).plans[1:]
    assert not lender_figures(small).substantial
    assert lender_figures(large).substantial
