"""What every row of a plan's sheet stands on: columns, terms, rates, lengths of periods.

Whatever the rounding, a formula works in whole minor units: ROUND(balance x unit) is a whole
number, so that a tie is met exactly although a spreadsheet counts in floating point. `unit` is
the number of minor units in one (100 fen), `scale` makes a whole number of a rate.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from restructure.derivation import Live, LiveLoan, LiveRate, Row, Top, Trace, formula
from restructure.loan import FLAT, LEVEL, Loan
from restructure.rates import factor_over
from restructure.render._book import Item, Sheet, letter
from restructure.words import say

Put = Callable[[str, Any, str, str], str]
"""Puts a term of the plan among the inputs: label, value, formula, style; its address."""

TOP = 3
"""Where the headings stand; the day of restructuring is the row below."""


class Facts(NamedTuple):
    """Addresses of a finished plan sheet that other sheets refer to, and its extent."""

    sheet: Sheet
    first: int
    last: int
    columns: dict[str, int]
    live: bool
    start: int
    once: str
    """What is paid on the day itself: the address of the amount, or 0."""

    def range(self, key: str, first: int | None = None, last: int | None = None) -> str:
        """Return the address of a column's rows, from and to row numbers of the sheet."""
        name = letter(self.columns[key])
        top = (self.first if first is None else first) + 1
        end = (self.last if last is None else last) + 1
        return f"'{self.sheet.name}'!${name}${top}:${name}${end}"

    def cell(self, key: str, row: int) -> str:
        """Return the address of a cell of a column."""
        return f"'{self.sheet.name}'!${letter(self.columns[key])}${row + 1}"


class Frame:
    """A plan's sheet without its rows: where things stand, and how long and dear a period is."""

    def __init__(
        self,
        sheet: Sheet,
        live: LiveLoan,
        loan: Loan,
        trace: Trace,
        put: Put,
        given: tuple[int, str],
    ) -> None:
        self.sheet, self.live, self.loan, self.trace, self.put = sheet, live, loan, trace, put
        self.schedule = trace.schedule
        self.given = given
        self.day = TOP + 1
        self.first = self.day + 1
        self.rows = trace.rows
        self.count = len(self.schedule)
        fixed = loan.fixed is not None and bool(self.rows)
        self.spare = max(12, self.count // 2) if fixed else 0
        self.last = self.first + self.count + self.spare - 1
        self.columns: dict[str, int] = {}
        self.start = min(self.schedule.regular_from, max(self.count - 1, 0))
        self.solves = {
            number: solve
            for number, solve in enumerate(trace.solves)
            if any(row.solve == number for row in self.rows)
        }
        self.tops = trace.tops
        self.bearing = any(
            row.balance != owed for row, owed in zip(self.rows, self.schedule.opening, strict=False)
        )
        self.extra = any(row.extra for row in self.rows)
        self.apart = any(row.apart for row in self.rows)
        self.cells: dict[str, str] = {}
        self._time = Fraction(0)

    # -- columns ------------------------------------------------------------------------

    def _lay_out(self) -> None:
        dated = self.loan.calendar is not None
        wanted: list[tuple[str, str, float]] = [("no", say("no."), 5)]
        wanted += [("due", say("due"), 11)] if dated else []
        wanted += [("opening", say("opening"), 14)]
        wanted += [("balance", say("bears interest"), 14)] if self.bearing else []
        wanted += [
            ("rate", say("rate a year"), 9),
            ("num", say("days") if self._by_days() else say("periods"), 8),
            ("den", say("of a year of"), 9),
            ("interest", say("interest"), 12),
        ]
        wanted += [("apart", say("interest kept apart"), 12)] if self.apart else []
        if any(row.rule in ("level", "part", "fixed", "shortened") for row in self.rows):
            wanted += [("pay", self._pay_heading(), 12)]
        if self.tops or self.extra:
            wanted += [("paid", say("regular payment"), 12)]
        wanted += [("extra", say("prepaid"), 12)] if self.extra else []
        wanted += [(f"top{k}", _heading(top), 12) for k, top in enumerate(self.tops)]
        wanted += [
            ("payment", say("payment"), 12),
            ("principal", say("principal"), 12),
            ("closing", say("closing"), 14),
            ("time", say("years from the day"), 11),
            ("flow", say("cash flow"), 14),
        ]
        wanted += [(f"v{k}", say("discount factor"), 13) for k in self.solves if self._factors(k)]
        for column, (key, heading, width) in enumerate(wanted):
            self.columns[key] = column
            self.sheet.widths[column] = width
            self.sheet.put(TOP, column, Item(heading, "heading"))
        if "balance" not in self.columns:
            self.columns["balance"] = self.columns["opening"]
        if "paid" not in self.columns:
            self.columns["paid"] = self.columns["payment"]

    def _pay_heading(self) -> str:
        if self.loan.method != LEVEL and self.loan.fixed is None:
            return say("part of principal")
        return say("instalment")

    def _by_days(self) -> bool:
        calendar = self.loan.calendar
        return calendar is not None and calendar.day_count != "equal"

    def _factors(self, number: int) -> bool:
        """Whether an instalment needs a column of discount factors: its periods may differ."""
        return self.loan.method == LEVEL and self.loan.calendar is not None

    def at(self, key: str, row: int) -> str:
        """Return the relative address of a column in a row of this sheet."""
        return f"{letter(self.columns[key])}{row + 1}"

    def _amount(self, minor: int) -> Fraction:
        return Fraction(minor, 10**self.loan.currency.exponent)

    def _put(self, row: int, key: str, minor: int, formula: str, style: str = "money") -> None:
        style += " spare" if row >= self.first + self.count else ""
        style += "" if formula else " fixed"
        self.sheet.put(row, self.columns[key], Item(self._amount(minor), style, formula))

    def _terms(self) -> None:
        """Put the plan's own terms among the inputs, and remember where they stand."""
        live, loan = self.live, self.loan

        def money(key: str, label: str, amount: int) -> None:
            text = formula(amount) if isinstance(amount, Live) else ""
            style = "money" if text else "money input"
            self.cells[key] = self.put(label, self._amount(int(amount)), text, style)

        for piece, leg in enumerate(live.path):
            label = say("rate") if leg.rows is None else say("rate for {rows}", rows=leg.rows)
            if isinstance(leg.rate, LiveRate):
                self.cells[f"rate{piece}"] = self.put(label, leg.rate, leg.rate.formula, "rate")
            else:
                self.cells[f"rate{piece}"] = self.put(label, leg.rate, "", "rate input")
        for number, stretch in enumerate(self.trace.stretches):
            if stretch.pays:
                shared = live.stretches[number].share is not None
                pays = stretch.pays if shared else live.stretches[number].pays
                money(f"stretch{number}", say("paid in stretch {n}", n=number + 1), pays)
        if live.fixed is not None:
            money("fixed", say("instalment, fixed"), live.fixed)
        if loan.balloon:
            money("balloon", say("balloon"), live.balloon)
        if loan.set_aside:
            money("set_aside", say("set aside"), live.set_aside)
        for number, extra in enumerate(live.extras):
            money(f"extra{number}", say("prepaid at {at}", at=extra.at), extra.amount)
        for how in ("capitalise", "pay", "spread", "set-aside"):
            if loan.arrears.treated(how):
                label = say("arrears: {how}", how=how)
                money(f"arrears-{how}", label, live.arrears.treated(how))

    def _day_row(self) -> None:
        """Write the row of the day itself: what is owed, what is paid at once."""
        loan, row = self.loan, self.day
        self.sheet.put(row, self.columns["no"], Item(0, "whole"))
        calendar = loan.calendar
        if calendar is not None:
            self.sheet.put(row, self.columns["due"], Item(calendar.ends(loan.passed)[0], "date"))
        owed = formula(self.live.owed) if isinstance(self.live.owed, Live) else ""
        self._put(row, "closing", loan.owed, owed)
        self.sheet.put(row, self.columns["time"], Item(0, "factor"))
        # What the lender gives for the payments: all that is owed on the day, before anything
        # is given up; of the contract, the principal less its fee.
        given, text = self.given
        once = ""
        if loan.at_once:
            at_once = self.live.at_once
            text_once = formula(at_once) if isinstance(at_once, Live) else ""
            label = say("arrears paid at once")
            once = self.put(label, self._amount(loan.at_once), text_once, "money")
            self.cells["at_once"] = once
        self._put(row, "flow", loan.at_once - given, text and f"{once}-({text})")

    def _round(self, text: str, row: int) -> str:
        names = {key: self.at(key, row) for key in self.columns}
        return f"ROUND({text.format(**names)},{self.loan.currency.exponent})"

    def _period(self, row: int, number: int, traced: Row | None, style: str) -> None:
        """Write the rate and the length of the period."""
        num, den, live = self._years(row, number, traced)
        rate, text = self._rate(number, traced)
        columns = self.columns
        fixed = "" if text else " fixed"
        self.sheet.put(row, columns["rate"], Item(rate, "rate" + style + fixed, text))
        self.sheet.put(row, columns["num"], Item(num, "number" + style, live))
        self.sheet.put(row, columns["den"], Item(den, "number" + style))
        self._time += self._length(number)
        before = self.at("time", row - 1)
        length = self._length(number)
        own = f"{self.at('num', row)}/{self.at('den', row)}"
        if traced is not None and Fraction(num) / Fraction(den) != length:
            own = f"{length.numerator}/{length.denominator}"
        self.sheet.put(
            row, columns["time"], Item(float(self._time), "factor" + style, f"{before}+{own}")
        )

    def _length(self, number: int) -> Fraction:
        calendar = self.loan.calendar
        if calendar is None:
            return 1 / self.loan.every.per_year
        return calendar.years(self.loan.passed + number)

    def _years(self, row: int, number: int, traced: Row | None) -> tuple[Any, Any, str]:
        """Return the length of a period as a fraction, and a formula for its days."""
        loan = self.loan
        by_days = loan
        if traced is not None and traced.rule == "stretch" and number < self.count:
            by_days = loan.by_days if loan.stretches[traced.stretch].unpaid == "simple" else loan
        calendar = by_days.calendar
        if calendar is None:
            years = 1 / loan.every.per_year
            return years.numerator, years.denominator, ""
        years = calendar.years(loan.passed + number)
        basis = next((b for b in (365, 360) if str(b) in calendar.day_count), None)
        if basis is None or (years * basis).denominator != 1:
            basis = next((b for b in (360, 365, 366) if (years * b).denominator == 1), None)
        if basis is None:
            return years.numerator, years.denominator, ""
        days = int(years * basis)
        start, end = calendar.ends(loan.passed + number)
        text = ""
        if calendar.day_count in ("Act/365F", "Act/360", "Act/365") and (end - start).days == days:
            shown: date | None = None
            shown = (
                calendar.due(loan.passed + number - 1) if number else calendar.ends(loan.passed)[0]
            )
            if shown == start and calendar.due(loan.passed + number) == end:
                text = f"{self.at('due', row)}-{self.at('due', row - 1)}"
        return days, basis, text

    def _rate(self, number: int, traced: Row | None) -> tuple[Any, str]:
        """Return the rate of a row, and where it stands among the inputs."""
        piece = traced.piece if traced is not None else 0
        if number >= self.count:
            piece = len(self.loan.path) - 1
        of_path = self.loan.path[piece].rate
        if traced is not None and traced.rule == "stretch" and not self.apart and not of_path:
            # A pause without interest has no columns for what another rate would keep apart.
            return of_path, ""
        if traced is not None and traced.leg is not None and traced.leg.rate != of_path:
            return traced.leg.rate, ""
        return of_path, self.cells[f"rate{piece}"]

    def _simple(self, number: int, row: int, traced: Row) -> bool:
        """Whether the factor of a row is its rate for its length, and nothing else."""
        leg = traced.leg
        if leg is None:
            return True
        num, den, _ = self._years(row, number, traced)
        whole = factor_over(leg.rate, Fraction(num) / Fraction(den), self.loan.compounding)
        return whole == Fraction(leg.num, leg.den)

    def _factor(self, row: int) -> str:
        """Return the period factor of a row, a floating-point number."""
        rate, num, den = (self.at(key, row) for key in ("rate", "num", "den"))
        often = self.loan.compounding
        if often is None or often.per_year == self.loan.every.per_year:
            return f"{rate}*{num}/{den}"
        per = often.per_year
        times = f"{per.numerator}" + (f"/{per.denominator}" if per.denominator > 1 else "")
        return f"((1+{rate}/({times}))^(({times})*{num}/{den})-1)"

    def _interest(self, base: str, number: int, row: int, traced: Row) -> str:
        """Return the formula of a row's interest on `base`."""
        whole = f"ROUND({base}*unit,0)"
        if traced.leg is None:
            return ""
        if not self._simple(number, row, traced):
            exact = f"{whole}*{traced.leg.num}/{traced.leg.den}"
        elif self.loan.compounding is not None and "^" in self._factor(row):
            exact = f"{whole}*{self._factor(row)}"
        else:
            rate, num, den = (self.at(key, row) for key in ("rate", "num", "den"))
            exact = f"{whole}*ROUND({rate}*scale,0)*{num}/({den}*scale)"
        text = f"{rounded(exact, self.loan.rounding)}/unit"
        # A flat loan bears interest on what it once was, but only while something is owed.
        return f"IF({self.at('balance', row)}=0,0,{text})" if self.loan.method == FLAT else text


def rounded(exact: str, mode: str) -> str:
    """Return the formula that rounds a number of minor units as `money.divide` does."""
    if mode == "half-even":
        return f"IF(MOD({exact},2)=0.5,ROUNDDOWN({exact},0),ROUND({exact},0))"
    if mode == "up":
        return f"ROUNDUP(ROUND({exact},6),0)"
    if mode == "down":
        return f"ROUNDDOWN(ROUND({exact},6),0)"
    return f"ROUND({exact},0)"


def _heading(top: Top) -> str:
    if top.kind == "spread":
        return say("interest of the pause, spread")
    return say("arrears, spread") if top.kind == "arrears-spread" else say("sums without interest")
