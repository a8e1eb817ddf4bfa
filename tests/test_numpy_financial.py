"""Instalments, interest and yields beside numpy-financial, which shares no code with us."""

from __future__ import annotations

import numpy_financial as npf
import pytest

import restructure as rs

CASES = [(50_000, 12, "14.4"), (300_000, 360, "4"), (1_000, 3, "9.99"), (75_000, 60, "0.5")]


@pytest.mark.parametrize(("principal", "term", "rate"), CASES)
def test_the_level_instalment(principal: int, term: int, rate: str) -> None:
    """The instalment is `pmt` to the nearest cent; the interest of the rows follows `ipmt`."""
    loan = rs.Loan.of(principal=principal, term=term, rate=rate)
    plan = rs.compare(loan, []).plans[0]
    monthly = float(rate) / 1200
    assert float(plan.payment) == pytest.approx(-npf.pmt(monthly, term, principal), abs=0.005001)
    for row in plan.schedule.rows:
        interest = -npf.ipmt(monthly, row.number, term, principal)
        assert float(row.interest) == pytest.approx(interest, abs=0.01 + 0.006 * row.number)


@pytest.mark.parametrize(("principal", "term", "rate"), CASES)
@pytest.mark.parametrize("relief", ["", "defer:2", "extend:6", "reduce:20%"])
def test_the_effective_rate(principal: int, term: int, rate: str, relief: str) -> None:
    """The effective rate is `irr` of what is owed and what is paid, compounded over a year."""
    loan = rs.Loan.of(principal=principal, term=term, rate=rate)
    plan = rs.compare(loan, [relief] if relief else []).plans[-1]
    flows = [-float(principal), *(float(row.payment) for row in plan.schedule.rows)]
    yearly = (1 + npf.irr(flows)) ** 12 - 1
    assert plan.effective_rate == pytest.approx(yearly, abs=1e-8)
