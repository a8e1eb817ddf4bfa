"""The workbook of a comparison: inputs, the comparison, a sheet a plan; live where it can be."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from restructure.arrears import Arrears
from restructure.comparison import HORIZONS, Comparison, PlanResult
from restructure.derivation import Live, LiveLoan, LiveRate, formula, trace, trace_of
from restructure.loan import LEVEL, Loan
from restructure.measures import parse_plans
from restructure.metrics import times
from restructure.position import contract_of
from restructure.render._book import Book, Item, Sheet, sheet_names
from restructure.render._plan_frame import Facts, rounded
from restructure.render._plan_sheet import PlanSheet
from restructure.render._yield_sheet import YieldSheet
from restructure.schedule import Schedule
from restructure.words import say

SCALE = 10**8
"""Rates are taken to eight decimals, a millionth of a per cent, in the exact formulas."""

_WORDS = 48
"""Width of the column of descriptions, in characters: long ones take more lines."""


class Workbook:
    """One comparison on its way to a Book."""

    def __init__(self, comparison: Comparison, lines: list[PlanResult] | None = None) -> None:
        self.comparison = comparison
        self.lines = comparison.plans if lines is None else lines
        self.drawn, self.loan = comparison.drawn, comparison.loan
        self.unit = 10**self.loan.currency.exponent
        self.book = Book(self.loan.currency.exponent)
        self.fresh = self.drawn.agreed_rows is None
        """Whether the loan was located here, so that the position follows from the contract."""
        past = self.loan.passed
        self.apart = self.fresh and bool(past or self.loan.fee or self.loan.arrears.total)
        """Whether the contract needs a sheet of its own."""
        titles = [line.name for line in self.lines]
        own = [say("Inputs"), say("Comparison"), say("Contract")]
        self.yields = YieldSheet(str(say("Yields")))
        names = sheet_names(titles, [*own, self.yields.sheet.name])
        self.inputs = Sheet(own[0], frozen=(2, 0), landscape=False)
        self.table = Sheet(own[1], frozen=(4, 1), headings=3)
        self.contract = Sheet(own[2])
        self.plans = [Sheet(name) for name in names]
        self.row = 0

    def made(self) -> Book:
        """Return the finished book."""
        live = self._loan_inputs()
        facts = [
            None if line.refused else self._plan(line, sheet, live)
            for line, sheet in zip(self.lines, self.plans, strict=True)
        ]
        self._contract_cells(facts)
        self._comparison(facts)
        self._legend(facts)
        sheets = [self.table, self.inputs]
        sheets += [self.contract] if self.apart else []
        written = [s for s, fact in zip(self.plans, facts, strict=True) if fact is not None]
        self.book.sheets = [*sheets, *written]
        if self.yields.row > 1:
            self.book.sheets.append(self.yields.sheet)
        return self.book

    # -- inputs -------------------------------------------------------------------------

    def _money(self, minor: int) -> Fraction:
        return Fraction(int(minor), self.unit)

    def _input(
        self, label: str, value: Any, style: str, name: str = "", formula: str = "", note: str = ""
    ) -> str:
        """Put a line among the inputs; returns the cell's address from any sheet."""
        self.row += 1
        self.inputs.put(self.row, 0, Item(label, "text"))
        self.inputs.put(self.row, 1, Item(value, style, formula))
        if note:
            self.inputs.put(self.row, 2, Item(note, "note"))
        address = self.inputs.at(self.row, 1)
        if name:
            self.book.names[name] = address
        return address

    def _heading(self, text: str) -> None:
        self.row += 2
        self.inputs.put(self.row, 0, Item(text, "text sum"))

    def _loan_inputs(self) -> LiveLoan:
        """Write the loan, and return it with live amounts in its own currency."""
        loan, sheet = self.loan, self.inputs
        sheet.widths.update({0: 38, 1: 18, 2: 60})
        sheet.put(0, 0, Item(say("Inputs"), "title"))
        sheet.put(
            1,
            0,
            Item(
                say("Change a yellow cell: every sheet follows. Rows are not added."),
                "note",
            ),
        )
        self.row = 1
        self._input(say("currency"), loan.currency.code, "text")
        self._input(
            say("minor units in one"), self.unit, "whole", "unit",
            note=say("amounts are rounded to a whole number of them"),
        )  # fmt: skip
        self._input(
            say("scale of rates"), SCALE, "whole", "scale",
            note=say("rates are taken to this many parts, so that ties are met exactly"),
        )  # fmt: skip
        self._input(say("principal"), self._money(loan.principal), "money input", "loan_principal")
        rate = self._input(say("rate a year"), loan.rate, "rate input", "loan_rate")
        del rate
        self._facts()
        return self._position()

    def _facts(self) -> None:
        """Write what the rows were laid out for: facts, not inputs."""
        loan = self.loan
        stands = say("the rows are laid out for it; to change it, make the workbook again")
        self._input(say("term"), loan.term, "whole", note=stands)
        self._input(say("method"), loan.method, "text", note=stands)
        self._input(say("every"), loan.every.name, "text", note=stands)
        self._input(say("rounding of interest"), loan.rounding, "text", note=stands)
        if loan.calendar is not None:
            self._input(say("day count"), loan.day_count, "text", note=stands)
        if loan.compounding is not None:
            self._input(say("compounding"), loan.compounding.name, "text", note=stands)
        if loan.fee:
            self._input(
                say("fee when drawn"), self._money(loan.fee), "money input", "loan_fee",
                note=say("counts in the original effective rate"),
            )  # fmt: skip
        if loan.passed:
            self._input(say("instalments paid"), loan.paid, "whole", note=stands)
            self._input(say("instalments missed"), loan.missed, "whole", note=stands)

    def _position(self) -> LiveLoan:
        """Write the loan on the day of restructuring, and return it live."""
        loan, apart = self.loan, self.apart
        live: dict[str, Any] = {}
        rate = LiveRate.of(loan.rate, "loan_rate")
        first = loan.path[0]
        live["path"] = tuple(
            leg._replace(rate=rate) if leg.rate == first.rate else leg for leg in loan.path
        )
        contract = self._contract(rate) if apart else None
        self._heading(say("On the day of restructuring"))
        if loan.balance == loan.principal and not loan.passed:
            text = "loan_principal"
        elif contract is not None and loan.passed and contract.live:
            text = contract.cell("closing", contract.first + loan.passed - 1)
        else:
            text = ""
        self._fact("loan_outstanding", say("outstanding principal"), loan.balance, text)
        live["balance"] = Live(loan.balance, "loan_outstanding")
        live["flat_base"] = (
            Live(loan.flat_base, "loan_principal")
            if loan.flat_base == loan.principal
            else loan.flat_base
        )
        self._overdue(contract, live)
        self.facts = contract
        live["instalment"] = Live(loan.instalment or 0, "loan_instalment")
        if loan.part is not None:
            live["part"] = Live(loan.part, "loan_part")
        return LiveLoan.like(loan, **live)

    def _fact(self, name: str, label: str, minor: int, text: str, note: str = "") -> None:
        style = "money" if text else "money input"
        self._input(label, self._money(minor), style, name, text, note)

    def _overdue(self, contract: Facts | None, live: dict[str, Any]) -> None:
        """Write the arrears: from the contract's missed rows, or as stated."""
        loan, arrears = self.loan, self.loan.arrears
        if not arrears.total:
            return
        missed = range(loan.paid, loan.passed)
        known = contract is not None and contract.live and loan.missed > 0 and self.fresh

        def of(key: str) -> str:
            if not known or contract is None:
                return ""
            top, end = contract.first + missed[0], contract.first + missed[-1]
            return f"SUM({contract.range(key, top, end)})"

        self._fact(
            "overdue_principal", say("overdue principal"), arrears.principal, of("principal")
        )
        self._fact("overdue_interest", say("overdue interest"), arrears.interest, of("interest"))
        penalty = self._penalty(contract, missed) if known and contract is not None else ""
        self._fact("overdue_penalty", say("penalty interest"), arrears.penalty, penalty)
        self._fact("overdue_fees", say("overdue fees"), arrears.fees, "")
        live["arrears"] = arrears._replace(
            principal=Live(arrears.principal, "overdue_principal"),
            interest=Live(arrears.interest, "overdue_interest"),
            penalty=Live(arrears.penalty, "overdue_penalty"),
            fees=Live(arrears.fees, "overdue_fees"),
        )

    def _penalty(self, contract: Facts, missed: range) -> str:
        """Return the formula of penalty interest on the principal of missed instalments."""
        loan = self.loan
        if loan.stated_penalty is not None:
            return ""
        past, calendar = loan.passed, loan.calendar
        parts = []
        for row in missed:
            late = (
                calendar.between(row, past - 1)
                if calendar is not None
                else (past - row - 1) / loan.every.per_year
            )
            if late:
                cell = contract.cell("principal", contract.first + row)
                parts.append(f"ROUND({cell}*unit,0)*{late.numerator}/{late.denominator}")
        times, annual = loan.penalty_rate
        if annual is not None:
            rate = f"{annual.numerator}/{annual.denominator}"
        else:
            rate = f"ROUND(loan_rate*scale,0)/scale*{times.numerator}/{times.denominator}"
        if not parts:
            return "0"
        exact = f"ROUND(({'+'.join(parts)})*{rate},9)"
        return f"{rounded(exact, loan.rounding)}/unit"

    # -- sheets -------------------------------------------------------------------------

    def _put(self, label: str, value: Any, formula: str, style: str) -> str:
        return self._input(label, value, style, "", formula)

    def _contract_loan(self) -> Loan:
        return replace(self.drawn, arrears=Arrears())

    def _contract(self, rate: LiveRate) -> Facts:
        """Write the sheet of the contract as drawn."""
        drawn = self._contract_loan()
        self._heading(say("Contract"))
        live = self._live_drawn(drawn, rate)
        made = trace(drawn)
        text = formula(live.owed) if isinstance(live.owed, Live) else ""
        text += "-loan_fee" if text and self.loan.fee else ""
        given = (drawn.owed - self.loan.fee, text)
        sheet = PlanSheet(self.contract, live, drawn, made, self._put, given)
        return sheet.write(say("Contract as drawn"), "", say("All instalments, as agreed"))

    def _live_drawn(self, drawn: Loan, rate: LiveRate) -> LiveLoan:
        first = drawn.path[0].rate
        path = tuple(leg._replace(rate=rate) if leg.rate == first else leg for leg in drawn.path)
        values: dict[str, Any] = {"path": path}
        if drawn.balance == drawn.principal:
            values["balance"] = Live(drawn.balance, "loan_principal")
        if drawn.flat_base == drawn.principal:
            values["flat_base"] = Live(drawn.flat_base, "loan_principal")
        return LiveLoan.like(drawn, **values)

    def _plan(self, line: PlanResult, sheet: Sheet, live: LiveLoan) -> Facts:
        """Write the sheet of a plan."""
        schedule = line.schedule
        loan = schedule.loan
        self._heading(" ".join(line.name.split()))
        plain: Loan = loan
        if not line.plan:
            if self.fresh and not self.apart:
                plain = self._contract_loan()
                own: Loan = self._live_drawn(plain, LiveRate.of(self.loan.rate, "loan_rate"))
            else:
                own = replace(live, arrears=Arrears(), at_once=live.arrears.total)
        else:
            (plan,) = parse_plans([line.plan])
            own = plan.apply(live)
        made = trace(plain) if plain is not loan else trace_of(schedule)
        if not isinstance(own, LiveLoan):
            own = LiveLoan.like(loan)
        plain = loan if line.plan else plain
        made_sheet = PlanSheet(sheet, own, plain, made, self._put, self._given(live))
        return made_sheet.write(line.name, line.plan, line.description)

    def _given(self, live: LiveLoan) -> tuple[int, str]:
        """Return all that is owed on the day, and its formula: what the payments are for."""
        if self.loan.accrued:
            return self.loan.owed + round(self.loan.accrued), ""
        return self.loan.owed, formula(live.owed) if isinstance(live.owed, Live) else ""

    def _contract_cells(self, facts: list[Facts | None]) -> None:
        """Write the as-agreed instalment and the original effective rate, from the contract."""
        loan = self.loan
        contract = self.facts if self.facts is not None else (facts[0] if self.fresh else None)
        if contract is not None and self.lines[0].plan:
            contract = self.facts
        self._heading(say("As agreed"))
        text = part = ""
        stated = self.drawn.instalment is not None
        if contract is not None and contract.live and self.fresh:
            if loan.method == LEVEL:
                text = "" if stated or "pay" not in contract.columns else contract.cell(
                    "pay", contract.first
                )  # fmt: skip
            else:
                row = min(loan.passed, contract.last - contract.first)
                text = contract.cell("payment", contract.first + row)
            part = contract.cell("principal", contract.first)
        self._fact("loan_instalment", say("instalment as agreed"), loan.instalment or 0, text)
        if loan.part is not None:
            self._fact("loan_part", say("part of principal as agreed"), loan.part, part)
        original = loan.original_rate
        text = ""
        if contract is not None and original is not None and self.fresh:
            drawn = contract_of(self.drawn)
            text = self._yield(
                say("contract"), contract, drawn, loan.fee - drawn.opening[0], original
            )
        self._input(
            say("original effective rate"),
            original,
            "rate" if text else "rate input",
            "original_rate",
            text,
            say("the lender's loss is worked out at it"),
        )

    # -- comparison ---------------------------------------------------------------------

    def _comparison(self, facts: list[Facts | None]) -> None:
        """Write the comparison: a row a plan, each figure from the plan's own sheet."""
        from restructure.render._title import title

        sheet, loan = self.table, self.loan
        unit = loan.every.noun(2)[2:]
        sheet.put(0, 0, Item(title(loan), "title"))
        sheet.put(1, 0, Item(say("Every figure refers to the sheet of its plan."), "note"))
        heads = [
            say("plan"), say("instalment"), say("first payment"), say("last payment"), unit,
            say("interest"), say("total paid"), say("extra cost"),
            *(say("freed in {n} {unit}", n=n, unit=unit) for n in HORIZONS),
            say("effective rate"), say("lender loses"), say("share"), say("description"),
        ]  # fmt: skip
        for column, head in enumerate(heads):
            sheet.put(3, column, Item(head, "heading"))
            sheet.widths[column] = 11
        sheet.widths.update({0: 22, len(heads) - 1: _WORDS})
        for row, (line, fact) in enumerate(zip(self.lines, facts, strict=True), start=4):
            sheet.put(row, 0, Item(line.name, "text"))
            sheet.heights[row] = 13.5 * (1 + len(_words(line)) // _WORDS)
            if fact is None:
                sheet.put(row, len(heads) - 1, Item(_words(line), "wrapped"))
                continue
            for column, item in enumerate(self._figures(line, fact, facts[0]), start=1):
                sheet.put(row, column, item)
            sheet.put(row, len(heads) - 1, Item(_words(line), "wrapped"))

    def _figures(self, line: PlanResult, fact: Facts, agreed: Facts | None) -> list[Item]:
        """Return the figures of a line, each with its formula."""
        exponent = self.loan.currency.exponent
        pays = fact.range("payment")
        regular = fact.range("payment", fact.start)
        often = f"COUNTIF({regular},{regular})*({regular}<>0)"
        usual = f"INDEX({regular},MATCH(MAX({often}),{often},0))"
        last = f"LOOKUP(2,1/({pays}<>0),{pays})"
        first = f"INDEX({pays},MATCH(TRUE,{pays}<>0,0))"
        once = f"+{fact.once}"
        total = f"ROUND(SUM({pays}){once},{exponent})"
        items = [
            Item(line.payment, "money", usual, True),
            Item(line.first_payment, "money", first, True),
            Item(line.last_payment, "money", last, True),
            Item(line.periods, "whole", f'COUNTIF({fact.range("opening")},">0")'),
            Item(line.total_interest, "money", f"ROUND(SUM({fact.range('interest')}),{exponent})"),
            Item(line.total_paid, "money", total),
        ]
        base = agreed if agreed is not None else fact
        before = f"SUM({base.range('payment')})+{base.once}"
        cost = f"ROUND(SUM({pays}){once}-({before}),{exponent})"
        items.append(Item(line.extra_cost, "money", cost))
        for n in HORIZONS:
            then = f"SUM({self._within(base, n)})+{base.once}"
            now = f"SUM({self._within(fact, n)}){once}"
            text = f"ROUND({then}-({now}),{exponent})"
            items.append(Item(line.relief_within(n), "money", text))
        items += [self._effective(line, fact), *self._losses(line, fact, base)]
        return items

    def _within(self, fact: Facts, periods: int) -> str:
        return fact.range("payment", fact.first, min(fact.first + periods - 1, fact.last))

    def _effective(self, line: PlanResult, fact: Facts) -> Item:
        rate, schedule = line.effective_rate, line.schedule
        if rate is None:
            return Item(say("none"), "text")
        given = schedule.loan.at_once - self.loan.owed - round(self.loan.accrued)
        text = self._yield(line.name, fact, schedule, given, rate)
        return Item(rate, "rate" if text else "rate fixed", text)

    def _yield(self, label: str, fact: Facts, schedule: Schedule, given: int, rate: float) -> str:
        """Return the formula of a yield: IRR, or for flows on dates the last of Newton's steps."""
        when = times(schedule)
        if when is not None:
            flows = zip([float(given), *map(float, schedule.payment)], [0.0, *when], strict=True)
            return self.yields.add(label, fact, float(self.loan.rate), rate, list(flows))
        per = self.loan.every.per_year
        flow = fact.range("flow", fact.first - 1)
        return f"(1+IRR({flow},loan_rate*{per.denominator}/{per.numerator}))^({per})-1"

    def _losses(self, line: PlanResult, fact: Facts, base: Facts) -> list[Item]:
        """Return the lender's loss in present value, and its share."""
        exponent = self.loan.currency.exponent

        def value(of: Facts) -> str:
            pays, times = of.range("payment"), of.range("time")
            return f"(SUMPRODUCT({pays}*(1+original_rate)^(-{times}))+{of.once})"

        loss = f"{value(base)}-{value(fact)}"
        return [
            Item(line.npv_loss, "money", f"ROUND({loss},{exponent})"),
            Item(line.npv_loss_rate, "rate", f"({loss})/{value(base)}"),
        ]

    def _legend(self, facts: list[Facts | None]) -> None:
        """Say what the styles mean, and what is not live."""
        self._heading(say("How to read this workbook"))
        lines = [
            say("yellow: an input; black: a formula; brown italics: a value, not live"),
            say(
                "Amounts are rounded as the loan says. Formulas count in whole minor units, so "
                "that a half is met exactly."
            ),
            say("A plan with a fixed instalment has spare rows for other rates."),
        ]
        if any(fact is not None and not fact.live for fact in facts):
            lines.append(
                say("Skipped months and interest that waits are values: their rows are not live.")
            )
        for line in [*lines, *self.comparison.notes]:
            self.row += 1
            self.inputs.put(self.row, 0, Item(line, "note"))


def _words(line: PlanResult) -> str:
    """Return what a plan does, or why it is refused, behind its grammar if the name hides it."""
    words: str = say("{description}.", description=line.description)
    if line.refused:
        words = say("refused: {reason}", reason=line.refused)
    if line.plan in ("", line.name):
        return words
    return say("[{plan}] {words}", plan=line.plan, words=words)


def book(comparison: Comparison, lines: list[PlanResult] | None = None) -> Book:
    """Return the workbook of a comparison, or of some of its lines."""
    return Workbook(comparison, lines).made()
