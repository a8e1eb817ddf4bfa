"""The sheet of one plan: a row a period, its interest, payment and closing as live formulas."""

from __future__ import annotations

from restructure.derivation import Live, Row, formula
from restructure.loan import FLAT, LEVEL
from restructure.render._book import Item, letter
from restructure.render._plan_frame import TOP, Facts, Frame
from restructure.render._plan_tops import formula_of_top
from restructure.words import say


class PlanSheet(Frame):
    """One plan on its way to a sheet: the rule of each row becomes its formulas."""

    # -- the whole sheet ----------------------------------------------------------------

    def write(self, title: str, plan: str, description: str) -> Facts:
        """Write everything; returns what other sheets refer to."""
        sheet = self.sheet
        self._lay_out()
        sheet.put(0, 0, Item(title, "title"))
        words = say("{description}.", description=description)
        if plan:
            words = say("{plan}: {description}.", plan=plan, description=description)
        sheet.put(1, 0, Item(words, "note"))
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
            self._put(
                row, f"top{position}", amount, formula_of_top(self, top, row, number, position)
            )
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
