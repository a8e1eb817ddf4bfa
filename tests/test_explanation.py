"""Explanations: every formula, read as it is printed and worked out here, gives its figure."""

from __future__ import annotations

import json
import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Any

import pytest

import restructure as rs
from commandline import LOAN, run
from restructure.explanation import Explanation, explain, figures

DIGITS = Context(prec=60)
TOKEN = re.compile(r"\s*([0-9][0-9,]*(?:\.[0-9]+)?|[-+x/^()])")
MODES = {
    "rounded half-up": ROUND_HALF_UP,
    "rounded half-even": ROUND_HALF_EVEN,
    "rounded up": ROUND_CEILING,
    "rounded down": ROUND_FLOOR,
    "": None,
}


class Reader:
    """The grammar that the documentation promises: + - x / ^, brackets, thousands' commas."""

    def __init__(self, text: str) -> None:
        self.tokens = TOKEN.findall(text)
        assert "".join(self.tokens) == text.replace(" ", ""), f"cannot be read: {text}"
        self.at = 0

    def next(self, *wanted: str) -> str:
        """Return the next token if it is one of these."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if token and token in wanted:
            self.at += 1
            return token
        return ""

    def sum(self) -> Decimal:
        """Read products with + and - between them."""
        total = self.product()
        while sign := self.next("+", "-"):
            other = self.product()
            total = DIGITS.add(total, other) if sign == "+" else DIGITS.subtract(total, other)
        return total

    def product(self) -> Decimal:
        """Read powers with x and / between them."""
        total = self.power()
        while sign := self.next("x", "/"):
            other = self.power()
            total = DIGITS.multiply(total, other) if sign == "x" else DIGITS.divide(total, other)
        return total

    def power(self) -> Decimal:
        """Read a number or bracket, perhaps to a power."""
        base = self.one()
        return DIGITS.power(base, self.one()) if self.next("^") else base

    def one(self) -> Decimal:
        """Read a number or a bracket, with a sign or without."""
        if self.next("-"):
            return -self.one()
        if self.next("("):
            inside = self.sum()
            assert self.next(")")
            return inside
        token = self.tokens[self.at]
        self.at += 1
        return Decimal(token.replace(",", ""))


def worked_out(one: Explanation) -> Decimal:
    """Return what the formula of an explanation gives, rounded as it says."""
    reader = Reader(one.formula)
    exact = reader.sum()
    assert reader.at == len(reader.tokens), one
    value = Decimal(one.value.replace(",", ""))
    multiple = re.fullmatch(r"rounded (up )?to a multiple of ([0-9,.]+)", one.rounding)
    if multiple:
        step = Decimal(multiple[2].replace(",", ""))
        towards = ROUND_CEILING if multiple[1] else ROUND_HALF_UP
        return (exact / step).quantize(Decimal(1), towards) * step
    if one.rounding == "rounded to 6 decimals":
        return exact.quantize(Decimal("0.000001"), ROUND_HALF_EVEN)
    mode = MODES[one.rounding]
    if mode is None:
        return exact
    return exact.quantize(Decimal(1).scaleb(int(value.as_tuple().exponent)), mode)


def check(one: Explanation) -> None:
    """Work an explanation out; without a formula it must say in words what the figure is."""
    if not one.formula:
        assert one.note, one
        return
    assert worked_out(one) == Decimal(one.value.replace(",", "")), one


PLANS = [
    "defer:3", "defer:3,interest=simple", "defer:3,interest=spread", "defer:3,interest=first",
    "defer:3,interest=end", "defer:3,interest=waive", "defer:2,pays=1000", "defer:2,keep=payment",
    "interest-only:4", "extend:6", "reduce:30%", "reduce:30%,for=4", "balloon:20%",
    "set-aside:20%", "forgive:10%", "rate:cut=2,for=4", "step:50%x3", "step:50%x3,of=regular",
    "extra:5000", "extra:5000,at=2,then=instalment", "arrears:spread,over=3", "arrears:pay",
]  # fmt: skip
LOANS: dict[str, dict[str, Any]] = {
    "plain": {},
    "in arrears": {"paid": 4, "missed": 2},
    "dated": {"start": "2026-01-31", "day_count": "Act/365F", "rate": "10%"},
    "equal principal": {"method": "equal-principal", "rate": "10%"},
    "flat": {"method": "flat"},
    "interest-only": {"method": "interest-only"},
    "half-even, up to tens": {"rounding": "half-even", "instalment_rounding": "up:10"},
    "down": {"rounding": "down", "instalment_rounding": "up"},
    "compounding": {"compounding": "half-year", "rate": "5%"},
    "no rate": {"rate": "0%"},
    "yen": {"currency": "JPY", "principal": 5_000_000},
}


@pytest.mark.parametrize("name", LOANS)
def test_every_figure_can_be_worked_out_from_its_explanation(name: str) -> None:
    """Each figure and each cell of each row of each plan is what its own formula gives."""
    loan = rs.Loan.of(**{"principal": 50_000, "term": 12, "rate": "14.4%", **LOANS[name]})
    wanted = ["payment", "first_payment", "last_payment", "total_paid", "total_interest"]
    wanted += ["extra_cost", "relief_3", "relief_12", "debt_after_pause", "arrears", "penalty"]
    wanted += ["effective_rate", "present_value", "npv_loss", "npv_loss_rate", "instalment"]
    for line in rs.compare(loan, PLANS).plans:
        if line.refused:
            assert explain(line) == []
            continue
        rows = [row for row in range(1, line.periods + 1) if row < 7 or row == line.periods]
        keys = ("opening", "interest", "principal", "payment", "closing")
        for one in explain(line, [*wanted, *(f"{key}@{row}" for row in rows for key in keys)]):
            check(one)
        assert explain(line)


def test_the_founding_case_reads_as_the_textbook_has_it() -> None:
    """The annuity formula with the numbers of the founding case, and the figures it gives."""
    loan = rs.Loan.of(principal=50_000, term=12, rate="14.4%")
    agreed, pause, lower = rs.compare(loan, ["defer:3", "reduce:30%"]).plans
    (one,) = explain(agreed, ["instalment"])
    assert one.text == "4,498.77 = 50,000.00 x 0.012 / (1 - 1.012^-12), rounded half-up"
    (one,) = explain(pause, ["debt_after_pause"])
    assert one.text == "51,821.69 = 50,000.00 + 600.00 + 607.20 + 614.49"
    (one,) = explain(lower, ["instalment"])
    assert one.text == "3,149.14 = 4,498.77 x 0.7, rounded half-up"


def test_an_unknown_figure_or_row_names_what_there_is() -> None:
    """A misspelt figure gets the nearest one, a row past the end the number of rows."""
    with pytest.raises(rs.RestructureError, match=r"'instalmnt' is not a figure.*'instalment'"):
        figures("instalmnt")
    loan = rs.Loan.of(principal=50_000, term=12, rate="14.4%")
    with pytest.raises(rs.RestructureError, match=r"interest@13 is past the end.*12 rows"):
        explain(rs.compare(loan, []).plans[0], ["interest@13"])


def test_compare_and_schedule_explain_on_request() -> None:
    """--explain stands below the table and in JSON; --figure chooses; csv says it has no room."""
    plan = ("--plan", "defer:3")
    table = run("compare", *LOAN, *plan, "--explain")
    assert "51,821.69 = 50,000.00 + 600.00 + 607.20 + 614.49" in table.out
    row = run("schedule", *LOAN, *plan, "--figure", "interest@5")
    assert re.search(r"^interest@5 +573\.37 = 47,780\.87 x 0\.012", row.out, re.MULTILINE)
    later = run("compare", *LOAN, *plan, "--figure", "opening@15,interest@12")
    assert later.out.count("opening@15") == 1
    assert later.out.count("interest@12") == 2
    assert run("compare", *LOAN, *plan, "--figure", "opening@16").code == 3
    document = json.loads(run("compare", *LOAN, *plan, "--explain", "--format", "json").out)
    first = document["plans"][1]["explanations"][0]
    assert first["figure"] == "instalment"
    assert first["formula"] == "51,821.69 x 0.012 / (1 - 1.012^-12)"
    nothing = run("compare", *LOAN, *plan, "--explain", "--format", "csv")
    assert "--explain adds nothing to csv" in nothing.err
    assert nothing.code == 0
