"""The engine: `build` is the only way from a Loan to a Schedule.

Plain level loans take a short way through the hot loop; everything else goes row by row
through the amortiser.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from restructure.amortiser import Amortiser
from restructure.arrears import Arrears
from restructure.interest import level_run
from restructure.level import level_instalment
from restructure.loan import Loan
from restructure.money import divide
from restructure.schedule import Schedule


def build(loan: Loan) -> Schedule:
    """Return the schedule that the loan's terms generate, up to the row that repays it.

    Interest of a period = round(balance x period factor), rounded once. Raises Refused, with
    the bound, for terms that cannot be carried out.
    """
    if loan.short is None:
        return Amortiser(*with_shares(loan)).schedule()
    balance, count, num, den, half, agreed = loan.short
    pay = agreed or level_instalment(balance, num, den, count, 0, loan.instalment_rounding)
    interest, principal, closing = level_run(balance, pay, num, den, half, count)
    opening = [balance, *closing]
    residue = opening.pop()
    if opening[-1] <= 0:  # the rounded instalment repays it before its last row: rare
        return Amortiser(loan).schedule()
    payment = [pay] * count
    payment[-1] += residue
    principal[-1] += residue
    closing[-1] = 0
    return Schedule(loan, opening, interest, principal, payment, closing, 0, residue)


def level_payment(loan: Loan) -> int:
    """Return the level instalment of a loan, before any measure, in minor units."""
    amortiser = Amortiser(replace(loan, arrears=Arrears()))
    return amortiser.level_payment(amortiser.leg(), loan.count)


def with_shares(loan: Loan) -> tuple[Loan, int | None]:
    """Return the loan with what its steps pay as shares of the regular instalment, and that.

    The more the steps pay, the lower is the instalment that is left to pay after them.
    Bisection finds where the two meet to the minor unit; a line through two points around it,
    the exact place, of which the shares are taken and rounded.
    """
    if all(stretch.share is None for stretch in loan.stretches):
        return loan, None
    if loan.fixed is not None:
        return _paying(loan, Fraction(loan.fixed)), None

    def left(regular: int) -> int:
        amortiser = Amortiser(_paying(loan, Fraction(regular)))
        for stretch in amortiser.loan.stretches:
            amortiser.stretch(stretch)
        if amortiser.balance <= 0:
            return 0
        return amortiser.level_payment(amortiser.leg(), loan.count)

    low, high = 0, left(0) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if left(middle) >= middle else (low, middle)
    before, after = low - low // 1000, high + low // 1000
    above, below = left(before) - before, left(after) - after
    exact = before + Fraction((after - before) * above, above - below)
    return _paying(loan, exact), loan.instalment_rounding.round(exact.numerator, exact.denominator)


def _paying(loan: Loan, regular: Fraction) -> Loan:
    """Return the loan whose steps pay their shares of a regular instalment."""
    stretches = []
    for stretch in loan.stretches:
        if stretch.share is not None:
            pays = stretch.share * regular
            stretch = stretch._replace(pays=divide(pays.numerator, pays.denominator), share=None)
        stretches.append(stretch)
    return replace(loan, stretches=tuple(stretches))
