"""Other people's figures, met or listed with the reason.

`python tests/test_conformance.py --update` writes the page docs/conformance.md; a test checks that
it is what the tables give.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from conformance import Case, Source, actus, commission, fineract, fsharp, published

PAGE = Path(__file__).parent.parent / "docs" / "conformance.md"
SOURCES = (actus.SOURCE, fineract.SOURCE, fsharp.SOURCE, published.SOURCE)
AGAIN = commission.SOURCE
"""Cases that the tests of the yields count: here the schedules behind them."""


def cases(source: Source) -> pytest.MarkDecorator:
    """Return one test a case of a source."""
    return pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for c in source.cases])


def check(source: Source, case: Case) -> None:
    """Check that a case is met, or is not and is listed with a reason."""
    found = source.verdict(case)
    if case["id"] in source.not_met:
        assert found, "met: take it out of NOT_MET"
        if "not worked out" in source.not_met[case["id"]]:
            assert found.startswith("not worked out"), found
    else:
        assert not found


@cases(actus.SOURCE)
def test_actus(case: Case) -> None:
    """ACTUS: every event of a contract, within 1e-8."""
    check(actus.SOURCE, case)


@cases(fineract.SOURCE)
def test_fineract(case: Case) -> None:
    """Apache Fineract: every row of a schedule, to the cent."""
    check(fineract.SOURCE, case)


@cases(fsharp.SOURCE)
def test_fsharp(case: Case) -> None:
    """FSharp.Finance.Personal: a schedule and what was paid on it, to the cent."""
    check(fsharp.SOURCE, case)


@cases(published.SOURCE)
def test_published(case: Case) -> None:
    """Banks, regulators, manuals: each figure within the tolerance that its case states."""
    check(published.SOURCE, case)


@cases(commission.SOURCE)
def test_commission_schedules(case: Case) -> None:
    """European Commission: instalments and balances behind the APRC examples."""
    check(commission.SOURCE, case)


@pytest.mark.parametrize("source", [*SOURCES, AGAIN], ids=lambda source: source.table)
def test_reasons_name_cases(source: Source) -> None:
    """Every reason belongs to a case, says what it is, and cases have different names."""
    names = [case["id"] for case in source.cases]
    assert len(set(names)) == len(names)
    assert set(source.not_met) <= set(names)
    for reason in source.not_met.values():
        assert reason.startswith(("open: ", "out of scope: "))


def test_the_page_is_what_the_tables_give() -> None:
    """docs/conformance.md is up to date: else run `python tests/test_conformance.py --update`."""
    assert PAGE.read_text(encoding="utf-8") == page()


def counted(source: Source) -> tuple[int, int, int, int]:
    """Return the cases of a source: all, met, open, out of scope."""
    reasons = list(source.not_met.values())
    beyond = sum(reason.startswith("out of scope") for reason in reasons)
    whole = len(source.cases)
    return whole, whole - len(reasons), len(reasons) - beyond, beyond


def page() -> str:
    """Return the page: how many cases are met, which are not and why, and the conventions."""
    rows = [(source.name, *counted(source)) for source in SOURCES]
    total = tuple(sum(row[k] for row in rows) for k in range(1, 5))
    rows.append(("all", *total))
    parts = [
        HEAD,
        "| source | cases | met | open | out of scope |\n|---|--:|--:|--:|--:|",
        *(f"| {' | '.join(str(cell) for cell in row)} |" for row in rows),
        YIELDS,
        *(section(source) for source in (*SOURCES, AGAIN)),
    ]
    return "\n".join(parts).rstrip() + "\n"


def section(source: Source) -> str:
    """Return a source's part of the page."""
    whole, met, _, _ = counted(source)
    head = source.head
    commit = f", commit `{head['commit']}`" if "commit" in head else ""
    licence = f"Licence: {head['licence']}."
    figures = f"Figures: `tests/conformance/cases/{source.table}.json`. {licence}"
    title = source.name if source is not AGAIN else f"{source.name}: schedules"
    text = f"\n## {title}\n\nSource: {head['source']}{commit}. {figures}\n\n{source.convention}"
    text += f"\n{met} of {whole} cases are met."
    return text + listed(source.not_met)


def listed(reasons: Mapping[str, str]) -> str:
    """Return the table of what is not met, cases with one reason together."""
    if not reasons:
        return ""
    together: dict[str, list[str]] = {}
    for name, reason in sorted(reasons.items()):
        together.setdefault(reason, []).append(name)
    lines = [f"| {', '.join(names)} | {reason} |" for reason, names in sorted(together.items())]
    return "\n\n| not met | why |\n|---|---|\n" + "\n".join(lines)


HEAD = """\
# Conformance

Figures that others publish, each under its own convention, and whether this library gives the
same. This page is generated from the tests: `python tests/test_conformance.py --update`.

A case is met when every row, or every figure, agrees within the tolerance that its source
allows. Otherwise it is listed with the reason: *open* means that a rule is missing here and
says which; *out of scope* means that the case asks for something that this tool does not set out
to do. A listed case that turns out to be met fails the tests, so that the list cannot rot.
"""

YIELDS = """
The yields of the same sources (Regulation Z, Appendix J; the APRC of the European Union and the
United Kingdom; its interval rule) are counted by the tests of the yields, `tests/test_aprc.py`
and those beside it."""

if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit("usage: python tests/test_conformance.py --update")
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
