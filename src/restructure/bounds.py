"""Bounds: what a plan can cost and ask at least, without its schedule.

The picture of a schedule in floats, with its margin: closed forms for the level instalment and
its sums, plus what one rounding a row can change. Nothing here is ever paid or shown; a search
uses it to leave out plans that surely do not fit or are surely no better. Loans with dates,
uneven periods, prepayments or other methods have no bounds: their schedules are built.
"""

from __future__ import annotations

from math import ceil, floor, log1p
from typing import Any, NamedTuple

from restructure.level import annuity_factor
from restructure.loan import LEVEL, Loan
from restructure.metrics import period_rate
from restructure.series import Series


class Least(NamedTuple):
    """Lower bounds of a plan's figures, in minor units and rows.

    `excess` is by how much some payment passes the capacity of its period, at least; above 0
    the plan surely does not fit. `loss_value` is the loss before it is rounded.
    """

    cost: float
    highest: float
    periods: int
    loss: float
    excess: float
    loss_value: float


class _Start(NamedTuple):
    """Where the regular rows begin: sums over the stretches, each with its margin."""

    rows: int
    balance: float
    off: float
    cost: float
    cost_off: float
    value: float
    value_off: float
    highest: float
    excess: float
    pays_from: int | None
    spread: float
    first: float
    end: float
    on_top_off: float


REFUSED = "refused"


class Bounds:
    """Lower bounds for the plans of one loan: at its original rate, within one capacity."""

    def __init__(self, loan: Loan, capacity: Series, agreed_value: float) -> None:
        rate = loan.original_rate or 0.0
        self.discount = 1 / (1 + period_rate(rate, float(loan.every.per_year)))
        self.capacity = capacity
        self.agreed_value = agreed_value
        self.slip = 0.5 if loan.rounding in ("half-up", "half-even") else 1.0
        step = loan.instalment_rounding.step
        self.step = (step if loan.instalment_rounding.up else step / 2) + 1e-6
        self.longest = 100 * float(loan.every.per_year)
        self.starts: dict[tuple[int, int, int], tuple[Any, Any, _Start | None]] = {}
        self.room: dict[tuple[int, int], int] = {}

    def of(self, loan: Loan, added: int = 0) -> Least | str | None:
        """Return the bounds of a plan's loan with `added` more instalments.

        REFUSED if it is surely refused; None if nothing is known without its schedule.
        """
        if _refused(loan, added):
            return REFUSED
        if (
            loan.method != LEVEL
            or loan.calendar is not None
            or loan.uneven
            or loan.extras
            or not (loan.anew or added)
            or loan.arrears.treated("spread")
            or loan.instalment_rounding.searched
        ):
            return None
        key = (id(loan.stretches), id(loan.path), loan.bearing)
        held = self.starts.get(key)
        if held is None:
            held = (loan.stretches, loan.path, self.start(loan))
            self.starts[key] = held  # the references keep the two ids from being used again
        start = held[2]
        if start is None:
            return None
        if loan.fixed is not None:
            return self.fixed(loan, start, loan.fixed)
        return self.counted(loan, start, loan.count + added)

    def least_room(self, first: int, last: int) -> int:
        """Return the least capacity of the periods from `first` to `last`."""
        found = self.room.get((first, last))
        if found is None:
            found = self.room[first, last] = self.capacity.least(first, last)
        return found

    def start(self, loan: Loan) -> _Start | None:
        """Follow the stretches in floats; None where the debt might end within them."""
        balance, off, row = float(loan.bearing), 0.0, 0
        cost = cost_off = value = value_off = highest = on_top_off = 0.0
        excess, pays_from, grown = float("-inf"), None, 1.0
        waiting = {"spread": 0.0, "first": 0.0, "end": 0.0}
        for stretch in loan.stretches:
            if stretch.to_principal or stretch.share is not None:
                return None
            how, simple, simple_off = stretch.unpaid, 0.0, 0.0
            for _ in range(stretch.rows):
                leg = loan.leg_of(row)
                f = leg.num / leg.den
                interest = 0.0 if how == "waive" else balance * f
                slip = self.slip + off * f + balance * 1e-12
                pays, pays_off = float(stretch.pays), 0.0
                if how == "pay" and interest + slip > pays:
                    pays, pays_off = max(interest, pays), slip
                if pays + slip >= balance + interest - off:
                    return None
                unpaid = max(interest - pays, 0.0)
                if how in ("simple", *waiting) and interest + slip > pays:
                    balance -= max(pays - interest, 0.0)
                    on_top_off += slip
                    if how == "simple":
                        simple, simple_off = simple + unpaid, simple_off + slip
                    else:
                        waiting[how] += unpaid
                else:
                    balance += interest - pays
                off += slip
                row += 1
                grown *= self.discount
                cost, cost_off = cost + pays, cost_off + pays_off
                value, value_off = value + pays * grown, value_off + pays_off
                highest = max(highest, pays - pays_off)
                excess = max(excess, pays - pays_off - self.capacity.at(row))
                if pays_from is None and pays:
                    if pays - pays_off < 1:
                        return None
                    pays_from = row
            balance, off = balance + simple, off + simple_off
        return _Start(
            row, balance, off, cost, cost_off, value, value_off, highest, excess, pays_from,
            waiting["spread"], waiting["first"], waiting["end"], on_top_off,
        )  # fmt: skip

    def counted(self, loan: Loan, start: _Start, count: int) -> Least | None:
        """Return the bounds of level instalments, worked out anew where the rate changes."""
        row, left, balance, off = start.rows, count, start.balance, start.off
        cost, cost_off = start.cost, start.cost_off
        value, value_off = start.value, start.value_off
        highest, excess, v = start.highest, start.excess, self.discount
        first_pay: float | None = None
        while True:
            leg, rows = loan.leg_and_rows(row, left)
            n, f = left, leg.num / leg.den
            unit = annuity_factor(leg.num, leg.den, n) if leg.num else 1 / n
            pay = (balance - loan.balloon) * unit + loan.balloon * f
            pay_off = self.step + off * unit + balance * 1e-12
            if first_pay is None:
                first_pay = pay - pay_off
            if rows >= n:
                break
            g = (1 + f) ** rows
            grown = (g - 1) / f if f else rows
            before = v**row
            units = before * _annuity(v, rows)
            cost, cost_off = cost + rows * pay, cost_off + rows * pay_off
            value, value_off = value + pay * units, value_off + pay_off * units
            highest = max(highest, pay - pay_off)
            excess = max(excess, pay - pay_off - self.least_room(row + 1, row + rows))
            balance = balance * g - pay * grown
            off = off * g + (pay_off + self.slip) * grown
            row, left = row + rows, left - rows
        g = (1 + f) ** n
        one_less = ((g / (1 + f)) - 1) / f * (1 + f) if f else n - 1  # S(n-1) x (1+f)
        last = pay + loan.balloon
        errors = off * g + self.slip * (one_less + 1) + balance * g * 1e-11
        last_off = errors + pay_off * one_less
        if last - last_off <= 1 or pay - pay_off <= 1:
            return None
        end = row + n
        before, at_end = v**row, v**end
        units = before * _annuity(v, n - 1)
        cost += (n - 1) * pay + last
        cost_off += abs(n - 1 - one_less) * pay_off + errors
        value += pay * units + last * at_end
        value_off += abs(units - one_less * at_end) * pay_off + errors * at_end
        if n > 1:
            highest = max(highest, pay - pay_off)
            excess = max(excess, pay - pay_off - self.least_room(row + 1, end - 1))
        low = last - last_off
        return self._topped(
            loan, start, end, count, low, highest, excess, cost - cost_off, value + value_off,
            pay - pay_off, first_pay,
        )  # fmt: skip

    def fixed(self, loan: Loan, start: _Start, pay: int) -> Least | str | None:
        """Return the bounds of a fixed instalment that is paid until the debt is repaid."""
        leg = loan.leg_of(start.rows)
        if leg.rows is not None:
            return None
        balance, off, f, v = start.balance, start.off, leg.num / leg.den, self.discount
        slip = off + balance * 1e-11 + 1
        if (balance - slip) * f > pay + 1 and balance - slip > pay:
            return REFUSED
        if (balance + slip) * f >= pay - 1:
            return None
        ideal = -log1p(-balance * f / pay) / log1p(f) if f else balance / pay
        j = max(ceil(ideal) - 2, 1)
        if start.rows + j + 4 > self.longest:
            return None
        certain = j == 1
        while True:
            owed, owed_off = self._owed(balance, off, f, pay, j)
            if owed + owed_off <= pay + j:
                break
            if owed - owed_off <= pay + j:
                return None
            certain, j = True, j + 1
        if not certain:
            return None
        low = owed - owed_off
        if low < 1:
            return None
        row, end = start.rows, start.rows + j
        at_end = v**end
        cost = start.cost + (j - 1) * pay + low - start.cost_off
        value = start.value + start.value_off + pay * v**row * _annuity(v, j - 1)
        value += (owed + owed_off) * at_end
        highest, excess = start.highest, start.excess
        if j > 1:
            highest = max(highest, pay)
            excess = max(excess, pay - self.least_room(row + 1, end - 1))
        first = pay if j > 1 else low
        return self._topped(
            loan, start, end, j, low, highest, excess, cost, value, first, first
        )  # fmt: skip

    def _owed(
        self, balance: float, off: float, f: float, pay: float, j: int
    ) -> tuple[float, float]:
        """Return what is owed with its interest at the j-th regular row, and the margin."""
        g = (1 + f) ** j
        sums = (g - 1) / f if f else j
        owed = balance * g - pay * (sums - 1)
        return owed, off * g + self.slip * sums + balance * g * 1e-11

    def _topped(
        self,
        loan: Loan,
        start: _Start,
        end: int,
        count: int,
        last: float,
        highest: float,
        excess: float,
        cost: float,
        value: float,
        pay: float,
        first_pay: float,
    ) -> Least | None:
        """Add the interest-free sums that are collected on top, and finish the bounds."""
        arrears, v, at_end = loan.arrears, self.discount, 1.0
        with_last = float(loan.set_aside + arrears.treated("set-aside")) + start.end
        paid_first = float(arrears.treated("pay"))
        off = start.on_top_off
        at_end = v**end
        if with_last:
            cost, value = cost + with_last, value + (with_last + off) * at_end
            last += with_last
        if start.spread:
            part = floor((start.spread - off) / count)
            if part < 1:
                return None
            pay, first_pay = pay + part, first_pay + part
            units = v**start.rows * _annuity(v, count)
            cost += start.spread
            value += (start.spread + off + count) / count * units + count * at_end
            if count > 1:
                excess = max(excess, first_pay - self.capacity.at(start.rows + 1))
                excess = max(excess, pay - self.capacity.at(end - 1))
        if start.first:
            cost, value = cost + start.first, value + (start.first + off) * v ** (start.rows + 1)
            first_pay += start.first - off
        if paid_first:
            on = start.rows + 1 if start.pays_from is None else start.pays_from
            cost, value = cost + paid_first, value + paid_first * v**on
            if start.pays_from is None:
                first_pay += paid_first
            elif paid_first > self.capacity.at(on):
                excess = max(excess, paid_first - self.capacity.at(on))
        cost -= off
        if count > 1:
            highest = max(highest, first_pay)
            excess = max(excess, first_pay - self.capacity.at(start.rows + 1))
        highest = max(highest, last)
        excess = max(excess, last - self.capacity.at(end))
        loss = self.agreed_value - value - self.agreed_value * 1e-9
        return Least(cost - 1e-3, highest - 1e-3, end, ceil(loss - 0.5), excess - 1e-3, loss)


def _refused(loan: Loan, added: int) -> bool:
    """Whether the engine surely refuses these terms, as far as it sees without amortising."""
    if min(leg.rate for leg in loan.path) < 0 or loan.balloon > loan.bearing:
        return True
    if loan.fixed is not None:
        return bool(loan.extended or added or loan.balloon)
    return loan.count + added < 1 and bool(loan.stretches or loan.bearing)


def _annuity(v: float, rows: int) -> float:
    """Return v + v^2 + ... + v^rows."""
    if abs(1 - v) < 1e-9:
        return float(rows)
    return v * (1 - v**rows) / (1 - v)


__all__ = ["REFUSED", "Bounds", "Least"]
