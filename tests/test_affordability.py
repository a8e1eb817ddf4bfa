"""The household's budget: reading it, its ratios and limits, cuts, and the reserve."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from loans import founding
from restructure.affordability import Affordability, Household
from restructure.cli import main
from restructure.errors import InvalidValue, RestructureError, UnknownName
from restructure.files import read_loan_file
from restructure.limits import LIMITS, limit_of
from restructure.money import Currency
from restructure.series import Series

CNY = Currency.of("CNY")
LOAN = ["--principal", "50000", "--term", "12", "--rate", "14.4%"]


def household(**values: Any) -> Household:
    """Return a household in yuan."""
    return Household.of(values, CNY)


def budget(limits: str = "", loan: dict[str, Any] | None = None, **values: Any) -> Affordability:
    """Return the affordability of the founding loan for a household."""
    found = [limit_of(name) for name in limits.split()]
    return Affordability(founding(**(loan or {})), household(**values), found)


def run(*words: str) -> tuple[int, str, str]:
    """Run the command line; return its exit code, standard output and standard error."""
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors), pytest.raises(SystemExit) as ended:
        main(list(words))
    code = ended.value.code
    return (code if isinstance(code, int) else 0), out.getvalue(), errors.getvalue()


@pytest.mark.parametrize(
    ("value", "amounts"),
    [
        (8000, [8000, 8000, 8000]),
        ("3000x1,8000", [3000, 8000, 8000]),
        ("0x2,1.5", [0, 0, 1.5]),
        ([{"from": 1, "amount": 3000}, {"from": 3, "amount": 8000}], [3000, 3000, 8000]),
        ([{"amount": 5}], [5, 5, 5]),
        ("3000×2,8000x1", [3000, 3000, 8000]),
    ],
)
def test_amounts_over_time(value: Any, amounts: list[float]) -> None:
    """A number, AMOUNTxN,... or a list of {from, amount}; the last amount holds for ever."""
    series = Series.of(value, "income", CNY)
    assert [series.at(k) / 100 for k in (1, 2, 3)] == amounts
    assert Series.of(series.text(CNY), "income", CNY) == series


def test_the_founding_household() -> None:
    """4,498.77 of 8,000 is 56.23 %: above China's 50 % and 55 %, whose 50 % allows 4,000."""
    found = budget("china", income=8000)
    (span,) = found.spans
    assert round(span.payment_to_income or 0, 4) == 0.5623
    assert [(b.kind, b.most) for b in found.breaches] == [
        ("payment", Fraction(1, 2)),
        ("debt", Fraction(55, 100)),
    ]
    assert found.capacity.text(CNY) == "4000"
    assert not found.affordable


def test_other_debts_count_in_debt_to_income() -> None:
    """Debt to income adds the other debts, and so lowers what can be carried."""
    found = budget("debt=60%", income=10_000, other_debt=2000)
    (span,) = found.spans
    assert round(span.debt_to_income or 0, 4) == round((4498.79 + 2000) / 10_000, 4)
    assert found.capacity.text(CNY) == "4000"  # 60 % of 10,000 less 2,000
    assert budget(income=10_000, other_debt=2000).capacity.text(CNY) == "8000"


def test_income_and_costs_over_time() -> None:
    """Periods of one budget are one line; what is left is the surplus less the instalment."""
    found = budget(
        income=[{"from": 1, "amount": 3000}, {"from": 5, "amount": 8000}],
        expenses={"rent": 2500, "care": "500x4,0"},
    )
    assert [(s.first, s.last, s.surplus) for s in found.spans] == [(1, 4, 0), (5, 12, 550_000)]
    assert found.capacity.text(CNY) == "0x4,5500"
    assert found.gap == 449_877
    assert found.worst.first == 1


def test_which_cost_to_cut_by_how_much() -> None:
    """198.79 are missing at worst: each cost that is large enough is named with its share."""
    found = budget(
        income=8000,
        expenses={"rent": 2500, "eating out": 600, "food": 500, "club": 100},
        flexible=["eating out", "club"],
    )
    assert found.gap == 19_879  # 8,000 - 3,700 - 4,498.79
    assert [(c.name, c.cut, c.enough) for c in found.cuts] == [
        ("eating out", 19_879, True),
        ("club", 10_000, False),
        ("rent", 19_879, True),
        ("food", 19_879, True),
    ]
    assert round(found.cuts[0].share, 4) == 0.3313


def test_a_budget_that_holds_needs_no_cut() -> None:
    """Nothing to cut, nothing missing, the loan as agreed can be kept."""
    found = budget(income=8000, expenses={"rent": 2500})
    assert (found.affordable, found.gap, found.cuts) == (True, 0, [])


@pytest.mark.parametrize(
    ("reserve", "lasts", "without"),
    [(0, 0, 0), (4500, 3, 0), (6000, 4, 0), (7000, 4, 1), (70_000, None, 10)],
)
def test_how_long_the_reserve_lasts(reserve: float, lasts: int | None, without: int) -> None:
    """Short of 1,498.77 in each of 4 months, then enough; without income 6,998.77 a month."""
    found = budget(income="5500x4,8000", expenses={"living": 2500}, reserve=reserve)
    expected = None if reserve >= 4 * 1498.77 else lasts
    assert found.reserve_lasts() == expected
    assert found.reserve_lasts(income=False) == int(reserve // 6998.77)
    assert int(reserve // 6998.77) == without


def test_gross_income_is_said() -> None:
    """Gross income asks for its taxes; a limit on gross income notes a net one."""
    assert any("taxes" in note for note in budget(income=8000, basis="gross").notes)
    notes = " ".join(budget("hamp", income=8000).notes)
    assert "share of gross income, and the income given is net" in notes


def test_limits_carry_their_source() -> None:
    """Every named limit says where it comes from; HAMP is 31 %, China 50 and 55 %."""
    assert all(limit.source for limit in LIMITS.values())
    assert LIMITS["hamp"].payment == Fraction(31, 100)
    assert (LIMITS["china"].payment, LIMITS["china"].debt) == (Fraction(1, 2), Fraction(11, 20))


def test_the_headings_of_the_uk_statement() -> None:
    """Costs under its headings are known as flexible or fixed; others are pointed out."""
    found = budget("sfs", income=6000, expenses={"Utilities": 1500, "personal": 500, "utilitys": 1})
    assert (found.cuts[0].name, found.cuts[0].flexible) == ("personal", True)
    assert any("Did you mean 'utilities'?" in note for note in found.notes)


def test_arrears_are_due_besides() -> None:
    """A loan in arrears is not kept as agreed without paying them at once."""
    found = budget(income=20_000, loan={"paid": 4, "missed": 2})
    assert not found.affordable
    assert any("9,046.61 are due at once" in note for note in found.notes)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "income is missing; give for instance --income 8000"),
        ({"incom": 1}, "there is no 'incom'. Did you mean 'income'?"),
        ({"income": -1}, "'-1' is negative"),
        ({"income": 1, "basis": "nett"}, "'nett' is not one of net, gross. Did you mean 'net'?"),
        ({"income": 1, "expenses": 5}, "is not a table of names and amounts"),
        ({"income": 1, "expenses": {"rent": "much"}}, "expenses rent: 'much' is not an amount"),
        ({"income": 1, "expenses": {"rent": 1}, "flexible": ["rnt"]}, "Did you mean 'rent'?"),
        ({"income": 1, "flexible": "rent"}, "is not a list of costs"),
        ({"income": 1, "reserve": -3}, "negative"),
        ({"income": []}, "is an empty list"),
        ({"income": [{"from": 2, "amount": 1}]}, "the first entry must be from=1"),
        ({"income": [{"amount": 1}, {"from": 1, "amount": 2}]}, "is not after 1"),
        ({"income": [{"frm": 1}]}, "Did you mean 'from'?"),
        ({"income": [{"from": 1}]}, "has no amount"),
        ({"income": [5]}, "is not {from=1, amount=3000}"),
        ({"income": {"from": 1}}, "is a table; give an amount or a list"),
    ],
)
def test_errors_of_a_household(values: dict[str, Any], message: str) -> None:
    """Each error names the field, the value and what is allowed."""
    with pytest.raises(RestructureError) as caught:
        household(**values)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["chna", "payment=0%", "payment=150%", "rent=5%", "debt=0.4"])
def test_errors_of_limits(text: str) -> None:
    """A limit is a name, or a share of income above 0."""
    with pytest.raises((UnknownName, InvalidValue), match="limit"):
        limit_of(text)


def test_the_household_of_a_loan_file(tmp_path: Path) -> None:
    """[household] is read; an option wins over it, and a cost adds to the others."""
    path = tmp_path / "li.toml"
    path.write_text(
        "[loan]\nprincipal = 50000\nterm = 12\nrate = '14.4%'\n"
        "[household]\nincome = [{from=1, amount=3000}, {from=5, amount=8000}]\nreserve = 100\n"
        "[household.expenses]\nrent = 2500\n"
    )
    code, out, _ = run("afford", str(path), "--format", "json", "--expense", "food=500")
    found = json.loads(out)
    assert code == 0
    assert [line["surplus"] for line in found["periods"]] == [0, 5000]
    _, out, _ = run("afford", str(path), "--format", "json", "--income", "9000")
    assert [line["surplus"] for line in json.loads(out)["periods"]] == [6500]
    assert read_loan_file(str(path)).household["reserve"] == 100


def test_errors_of_a_household_file(tmp_path: Path) -> None:
    """A wrong name in [household] names file and section, in every command."""
    path = tmp_path / "li.toml"
    path.write_text("[loan]\nprincipal = 5\nterm = 2\n[household]\nincme = 3\n")
    for command in ("afford", "compare"):
        code, out, errors = run(command, str(path))
        assert code == 3
        assert out == ""
        assert "li.toml, [household]" in errors
        assert "Did you mean 'income'?" in errors


@pytest.mark.parametrize("format", ["table", "markdown", "csv", "json", "jsonl"])
def test_every_format(format: str) -> None:
    """Every format shows what is left for the loan."""
    words = ["--income", "8000", "--expense", "rent=2500", "--reserve", "9000", "--format", format]
    code, out, _ = run("afford", *LOAN, *words)
    assert code == 0
    assert "5500.00" in out or "5,500.00" in out


def test_machine_formats_do_not_load_rich() -> None:
    """CSV and JSON need no table drawing: a run in a new process does not import rich."""
    import subprocess
    import sys

    for command, words in (("afford", "--income 8000"), ("advise", "--capacity 0x3,5000")):
        for format in ("csv", "json"):
            script = (
                "import sys\nfrom restructure.cli import main\n"
                "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
                "print('rich' in sys.modules, file=sys.stderr)\n"
            )
            line = [sys.executable, "-c", script, command, *LOAN, *words.split()]
            done = subprocess.run(
                [*line, "--format", format], capture_output=True, text=True, check=True
            )
            assert done.stderr.splitlines()[-1] == "False", (command, format)
