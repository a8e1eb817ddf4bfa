"""The sheet of one plan: a row a period, its interest, payment and closing as live formulas.

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


class PlanSheet:
    """One plan on its way to a sheet."""

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
            self.sheet.put(TOP, column, Item(str(heading), "heading"))
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

    # -- the whole sheet ----------------------------------------------------------------

    def write(self, title: str, plan: str, description: str) -> Facts:
        """Write everything; returns what other sheets refer to."""
        sheet = self.sheet
        self._lay_out()
        sheet.put(0, 0, Item(title, "title"))
        sheet.put(1, 0, Item(f"{plan}: {description}." if plan else f"{description}.", "note"))
        sheet.frozen, sheet.headings = (self.day, 1), TOP
        self._terms()
        self._day_row()
        for number in range(self.count + self.spare):
            self._row(number)
        self._sums()
        return Facts(
            sheet,
            self.first,
            self.last,
            self.columns,
            bool(self.rows),
            self.first + self.start,
            self.cells.get("at_once", "0"),
        )

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

    # -- a row --------------------------------------------------------------------------

    def _row(self, number: int) -> None:
        row, schedule = self.first + number, self.schedule
        spare = number >= self.count
        traced = self.rows[min(number, self.count - 1)] if self.rows else None
        opening, interest, payment, principal, closing = (
            0 if spare else column[number]
            for column in (
                schedule.opening,
                schedule.interest,
                schedule.payment,
                schedule.principal,
                schedule.closing,
            )
        )
        style = " spare" if spare else ""
        self.sheet.put(row, self.columns["no"], Item(number + 1, "whole" + style))
        calendar = self.loan.calendar
        if calendar is not None:
            due = calendar.due(self.loan.passed + number)
            self.sheet.put(row, self.columns["due"], Item(due, "date" + style))
        self._put(row, "opening", opening, self.at("closing", row - 1))
        self._period(row, number, traced, style)
        if traced is None:
            self._put(row, "interest", interest, "")
            self._put(row, "payment", payment, "")
        else:
            self._traced(row, number, traced, spare)
        self._put(row, "principal", principal, self._round("{payment}-{interest}", row))
        text = "{opening}+{interest}-{payment}"
        self._put(row, "closing", closing, self._round(text, row))
        flow = self.at("payment", row)
        self._put(row, "flow", payment, flow)

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

    def _traced(self, row: int, number: int, traced: Row, spare: bool) -> None:
        """Write interest, payment and what is on top, by the rule of the row."""
        columns = self.columns
        if columns["balance"] != columns["opening"]:
            self._put(row, "balance", 0 if spare else traced.balance, self._balance(row, number))
        base = self.at("balance", row)
        if self.loan.method == FLAT:
            base = letter(columns["balance"]) + f"${self.first + 1}"
            flat = self.live.flat_base
            if traced.base != self.rows[0].balance:
                base = formula(flat) if traced.base == int(flat) else f"{traced.base}/unit"
        interest = 0 if spare else traced.interest
        self._put(row, "interest", interest, self._interest(base, number, row, traced))
        if self.apart:
            self._put(row, "apart", 0 if spare else traced.apart, self._apart(row, traced))
        if "pay" in columns:
            self._instalment(row, number, traced, spare)
        self._put(row, "paid", 0 if spare else traced.paid, self._paid(row, number, traced))
        if self.extra:
            self._put(row, "extra", 0 if spare else traced.extra, self._extra(row, number))
        for position, top in enumerate(self.tops):
            amount = 0 if spare else top.amounts[number]
            self._put(row, f"top{position}", amount, _top(self, top, row, number, position))
        if columns["paid"] != columns["payment"]:
            parts = ["{paid}", *(["{extra}"] if self.extra else [])]
            parts += [f"{{top{k}}}" for k in range(len(self.tops))]
            amount = 0 if spare else self.schedule.payment[number]
            self._put(row, "payment", amount, self._round("+".join(parts), row))

    def _balance(self, row: int, number: int) -> str:
        """Return the formula of interest-bearing principal before a row."""
        if number == 0:
            bearing = self.live.bearing
            if isinstance(bearing, Live):
                return bearing.formula
            return f"{self.loan.bearing}/unit"
        parts = "{balance}+{interest}-{paid}" + ("-{apart}" if self.apart else "")
        parts += "-{extra}" if self.extra else ""
        before = self.rows[min(number, self.count) - 1]
        if before.joins and number <= self.count:
            since = number - 1
            while since and self.rows[since - 1].stretch == before.stretch:
                since -= 1
            name = letter(self.columns["apart"])
            parts += f"+SUM({name}{self.first + since + 1}:{name}{row})"
        return self._round(parts, row - 1)

    def _apart(self, row: int, traced: Row) -> str:
        if traced.rule == "stretch":
            stretch = self.trace.stretches[traced.stretch]
            if stretch.unpaid in ("simple", "spread", "first", "end"):
                if stretch.to_principal:
                    return self.at("interest", row)
                return self._round("MAX({interest}-{paid},0)", row)
        return "0"

    def _owed(self, row: int) -> str:
        return self._round("{balance}+{interest}", row)

    def _paid(self, row: int, number: int, traced: Row) -> str:
        """Return the formula of the regular payment."""
        owed, interest = self._owed(row), self.at("interest", row)
        pay = self.at("pay", row) if "pay" in self.columns else ""
        if traced.rule == "stretch":
            stretch = self.trace.stretches[traced.stretch]
            if not stretch.pays:
                return interest if stretch.unpaid == "pay" else "0"
            pays = self.cells[f"stretch{traced.stretch}"]
            if stretch.unpaid == "pay":
                return f"MIN(MAX({pays},{interest}),{owed})"
            return f"MIN({pays},{self.at('balance', row) if stretch.to_principal else owed})"
        if traced.rule == "fixed":
            nth = number + 1 - self.start
            return f"IF(ROUND(({owed}-{pay})*unit,0)<={nth},{owed},{pay})"
        if traced.rule == "level":
            return f"MIN({pay},{owed})"
        if traced.rule == "part":
            return self._round(f"{{interest}}+MIN({pay},{{balance}})", row)
        if traced.rule == "interest":
            return interest
        if traced.rule == "shortened":
            return self._shortened(row, number, owed, pay)
        return owed if traced.rule == "last" else "0"

    def _shortened(self, row: int, number: int, owed: str, pay: str) -> str:
        if number == self.count - 1:
            return owed
        due = pay if self.loan.method == LEVEL else f"({pay}+{self.at('interest', row)})"
        prepaid = min(extra.at for extra in self.loan.extras if not extra.anew)
        near = f"{due}"
        if number >= prepaid:
            nth = number + 1 - self.start
            balloon = f"-{self.cells['balloon']}" if self.loan.balloon else ""
            return f"IF(ROUND(({owed}{balloon}-{due})*unit,0)<={nth},{owed},{due})"
        return f"MIN({owed},{near})"

    def _instalment(self, row: int, number: int, traced: Row, spare: bool) -> None:
        """Write the instalment in force, and where it is worked out, how."""
        if traced.rule == "fixed":
            self._put(row, "pay", traced.pay, self.cells["fixed"])
            return
        if traced.rule not in ("level", "part", "shortened"):
            return
        before = self.rows[number - 1] if number else None
        solve = self.solves.get(traced.solve)
        if solve is not None and solve.row == number:
            self._put(row, "pay", traced.pay, self._solved(row, number, traced.solve, traced))
        elif before is not None and before.rule == traced.rule and before.pay == traced.pay:
            self._put(row, "pay", traced.pay, self.at("pay", row - 1))
        else:
            known = self.live.instalment if self.loan.method == LEVEL else self.live.part
            if isinstance(known, Live) and int(known) == traced.pay:
                self._put(row, "pay", traced.pay, known.formula)
            else:
                self._put(row, "pay", traced.pay, "")

    def _solved(self, row: int, number: int, which: int, traced: Row) -> str:
        """Return the formula of an instalment that is worked out at a row."""
        solve, loan = self.solves[which], self.loan
        whole = f"ROUND({self.at('balance', row)}*unit,0)"
        balloon = f"ROUND({self.cells['balloon']}*unit,0)" if loan.balloon else "0"
        if loan.method != LEVEL:
            return f"ROUND(({whole}-{balloon})/{solve.over},0)/unit"
        if not self._factors(which):
            if not self._simple(number, row, traced):
                return ""
            exact = f"-PMT({self._factor(row)},{solve.over},{whole},-{balloon})"
        else:
            if solve.row + solve.over > self.count:
                return ""
            if not self._discounts(which):
                return ""
            key = f"v{which}"
            last = row + solve.over - 1
            every = f"{self.at(key, row)}:{self.at(key, last)}"
            exact = f"({whole}-{balloon}*{self.at(key, last)})/SUM({every})"
        mode = loan.instalment_rounding
        over = f"/{mode.step}" if mode.step > 1 else ""
        times = f"*{mode.step}" if mode.step > 1 else ""
        if mode.up:
            return f"ROUNDUP(ROUND({exact}{over},6),0){times}/unit"
        return f"ROUND({exact}{over},0){times}/unit"

    def _discounts(self, which: int) -> bool:
        """Write the discount factors of an instalment; False if a rate by date is in the way."""
        solve, key = self.solves[which], f"v{which}"
        value = 1.0
        if self.loan.resets or self.loan.accrued:
            return False
        for number in range(solve.row, solve.row + solve.over):
            row = self.first + number
            leg = self.loan.leg_at(number, solve.leg)
            value /= 1 + leg.num / leg.den
            rate = f"{letter(self.columns['rate'])}${self.first + solve.row + 1}"
            factor = self._factor(row).replace(self.at("rate", row), rate)
            before = self.at(key, row - 1) if number > solve.row else "1"
            self.sheet.put(row, self.columns[key], Item(value, "factor", f"{before}/(1+{factor})"))
        return True

    def _extra(self, row: int, number: int) -> str:
        due = [
            self.cells[f"extra{k}"]
            for k, extra in enumerate(self.loan.extras)
            if extra.at - 1 == number
        ]
        if not due:
            return "0"
        parts = "{balance}+{interest}-{paid}" + ("-{apart}" if self.apart else "")
        return f"MIN({'+'.join(due)},{self._round(parts, row)})"

    # -- what bears no interest ---------------------------------------------------------

    def _sums(self) -> None:
        """Write the sums below the rows, and whether the debt is repaid."""
        row = self.last + 2
        self.sheet.put(row, self.columns["no"], Item(say("sum"), "text sum"))
        for key in ("interest", "payment", "principal"):
            name = letter(self.columns[key])
            total = sum(getattr(self.schedule, key))
            self.sheet.put(
                row,
                self.columns[key],
                Item(
                    self._amount(total),
                    "money sum",
                    f"ROUND(SUM({name}{self.first + 1}:{name}{self.last + 1}),"
                    f"{self.loan.currency.exponent})",
                ),
            )
        closing = self.at("closing", self.last)
        repaid, left = say("repaid"), say("not repaid in these rows")
        text = f'IF(ROUND({closing}*unit,0)=0,"{repaid}","{left}")'
        self.sheet.put(row, self.columns["closing"], Item(repaid, "text sum", text))


def _heading(top: Top) -> str:
    if top.kind == "spread":
        return say("interest of the pause, spread")
    return say("arrears, spread") if top.kind == "arrears-spread" else say("sums without interest")


def _top(of: PlanSheet, top: Top, row: int, number: int, position: int) -> str:
    """Return the formula of what a sum without interest puts on top of a row."""
    fixed = of.spare > 0
    paid, exponent = letter(of.columns["paid"]), of.loan.currency.exponent
    ends = (
        f"AND({of.at('paid', row)}>0,ROUND({of.at('balance', row)}+{of.at('interest', row)}"
        f"-{of.at('paid', row)},{exponent})=0)"
    )
    if top.kind == "others":
        now, late = [], []
        if number == of.start and of.trace.accrued["first"]:
            now.append(_kept(of, "first"))
        if number == top.paying and "arrears-pay" in of.cells:
            now.append(of.cells["arrears-pay"])
        if fixed or number == of.count - 1:
            late += [_kept(of, "end")] if of.trace.accrued["end"] else []
            late += [of.cells[k] for k in ("set_aside", "arrears-set-aside") if k in of.cells]
        if late and fixed:
            now.append(f"IF({ends},{'+'.join(late)},0)" if number >= of.start else "0")
        else:
            now += late
        return "+".join(now) or "0"
    if number < of.start:
        return "0"
    own = letter(of.columns[f"top{position}"])
    total = _kept(of, "spread") if top.kind == "spread" else of.cells["arrears-spread"]
    begin = of.first + of.start + 1
    taken = f"-SUM({own}{begin}:{own}{row})" if number > of.start else ""
    left = f"ROUND({total}{taken},{exponent})"
    over = of.loan.arrears.over if top.kind == "arrears-spread" else 0
    nth = number - of.start + 1
    if fixed:
        count = f'COUNTIF({paid}${begin}:{paid}${of.last + 1},">0")'
        count = f"MIN({over},{count})" if over else count
        part = f"ROUND(ROUND(({total})*unit,0)/{count},0)/unit"
        last = f"OR({ends},{nth}={over})" if over else ends
        return f"IF({of.at('paid', row)}=0,0,IF({last},{left},MIN({part},{left})))"
    if nth > top.over:
        return "0"
    if nth == top.over:
        return left
    return f"MIN(ROUND(ROUND(({total})*unit,0)/{top.over},0)/unit,{left})"


def _kept(of: PlanSheet, how: str) -> str:
    """Return the sum of interest kept apart in the pauses that treat it in one way."""
    name = letter(of.columns["apart"])
    found = [
        f"{name}${of.first + number + 1}"
        for number, row in enumerate(of.rows)
        if row.rule == "stretch" and of.loan.stretches[row.stretch].unpaid == how
    ]
    return f"SUM({found[0]}:{found[-1]})" if _adjoin(found) else f"SUM({','.join(found)})"


def _adjoin(cells: list[str]) -> bool:
    rows = [int(cell.split("$")[1]) for cell in cells]
    return rows == list(range(rows[0], rows[-1] + 1))


def rounded(exact: str, mode: str) -> str:
    """Return the formula that rounds a number of minor units as `money.divide` does."""
    if mode == "half-even":
        return f"IF(MOD({exact},2)=0.5,ROUNDDOWN({exact},0),ROUND({exact},0))"
    if mode == "up":
        return f"ROUNDUP(ROUND({exact},6),0)"
    if mode == "down":
        return f"ROUNDDOWN(ROUND({exact},6),0)"
    return f"ROUND({exact},0)"
