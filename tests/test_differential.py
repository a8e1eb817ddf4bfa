"""The product and the independent restatement of the rules agree on every row of every plan.

`reference/` states the rules once more, with exact fractions and without sharing any code; its
generator draws loans and plans, both as values for it and as text for the product.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal

import pytest

import restructure as rs
from loans import COLUMNS, line_of, minor_rows
from reference.generate import EXPONENTS, Case, cases
from reference.model import Refused, Row, baseline, position, reference
from restructure.cli import main
from restructure.comparison import Comparison
from restructure.position import locate

SIZE = 100
FAST = range(1001, 1016)
SLOW = range(2001, 2201)
ON_THE_COMMAND_LINE = 120

KINDS = """
    Defer InterestOnly Extend Reduce NewRate CutRate Balloon SetAside Forgive Arrears Extra Step
    level equal-principal interest-only flat half-up half-even up down month week quarter year
"""

Rows = list[tuple[int, ...]]


def expected(case: Case) -> Rows | None:
    """Return the rows that the reference works out, or None if it refuses the plan."""
    rows = reference(case.loan, case.measures)
    return None if isinstance(rows, Refused) else [columns(row) for row in rows]


def columns(row: Row) -> tuple[int, ...]:
    """Return a row of the reference in the order of COLUMNS."""
    return tuple(getattr(row, name) for name in COLUMNS)


def found(case: Case) -> Rows | None:
    """Return the rows of the product, or None if it refuses the plan with a reason."""
    line = line_of(rs.Loan.of(**case.options), case.plan)
    if line.refused:
        assert len(line.refused) > 20, "a refusal says why"
        return None
    return minor_rows(line.schedule)


def differences(drawn: Iterator[Case]) -> list[str]:
    """Return what to type to see each difference, with the first row that differs."""
    different = []
    for case in drawn:
        theirs, ours = expected(case), found(case)
        if theirs != ours:
            first = next(
                (
                    k
                    for k, pair in enumerate(zip(theirs or [], ours or [], strict=False), 1)
                    if pair[0] != pair[1]
                ),
                0,
            )
            words = " ".join(f"--{key} {value}" for key, value in case.options.items())
            different.append(f"row {first}: compare {words} --plan {case.plan}")
    return different


@pytest.mark.parametrize("seed", FAST)
def test_same_rows(seed: int) -> None:
    """A hundred loans and plans: the same plans are refused, and all rows are identical."""
    assert differences(cases(seed, SIZE)) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", SLOW)
def test_same_rows_at_length(seed: int) -> None:
    """The same for twenty thousand other loans and plans."""
    assert differences(cases(seed, SIZE)) == []


def test_the_cases_are_worth_drawing() -> None:
    """Most plans drawn can be carried out, some cannot, and every measure and option occurs."""
    seen: Counter[str] = Counter()
    for seed in FAST:
        for case in cases(seed, SIZE):
            seen["refused" if expected(case) is None else "carried out"] += 1
            seen.update({type(measure).__name__ for measure in case.measures})
            seen.update({case.loan.method, case.loan.every, case.loan.rounding})
            seen["in arrears"] += case.loan.missed > 0
    total = len(FAST) * SIZE
    assert seen["carried out"] > 0.8 * total
    assert seen["refused"] > 0.05 * total
    assert seen["in arrears"] > 0.1 * total
    assert not [name for name in KINDS.split() if seen[name] < 15]


@pytest.mark.parametrize("seed", FAST[:5])
def test_same_position_and_baseline(seed: int) -> None:
    """What is owed on the day, the arrears, and the rows as agreed are the same, plan or not."""
    for case in cases(seed, SIZE):
        loan = rs.Loan.of(**case.options)
        located, there = locate(loan), position(case.loan)
        arrears = located.arrears
        assert (located.balance, arrears.principal, arrears.interest, arrears.penalty) == (
            there.balance,
            there.overdue_principal,
            there.overdue_interest,
            there.penalty,
        )
        agreed = Comparison(loan, [])
        assert minor_rows(agreed.agreed) == [columns(row) for row in baseline(case.loan)]
        assert agreed.agreed.loan.at_once == there.arrears
        assert located.owed == there.balance + there.arrears


def test_same_rows_on_the_command_line() -> None:
    """`compare --format json --schedules` prints these rows, digit by digit, and its refusals."""
    refused = 0
    for case in cases(3001, ON_THE_COMMAND_LINE):
        theirs = expected(case)
        code, document = run(case)
        (_, line) = document["plans"]
        if theirs is None:
            refused += 1
            assert line["refused"]
            assert "schedule" not in line
            assert code == 3, "no plan of these could be carried out"
            continue
        assert code == 0
        assert "refused" not in line
        places = EXPONENTS[str(case.options["currency"])]
        wanted = [[Decimal(minor).scaleb(-places) for minor in row] for row in theirs]
        printed = [[row[name] for name in COLUMNS] for row in line["schedule"]]
        assert [[*map(str, row)] for row in printed] == [[*map(str, row)] for row in wanted]
        assert [row["number"] for row in line["schedule"]] == [*range(1, len(theirs) + 1)]
        assert line["total_paid"] == sum(row[4] for row in wanted)
        assert line["total_interest"] == sum(row[1] for row in wanted)
        assert line["periods"] == len(theirs)
    assert 0 < refused < ON_THE_COMMAND_LINE // 3


def run(case: Case) -> tuple[int, dict]:
    """Run the command line on a case; return its exit code and the JSON document."""
    words = ["compare", "--format", "json", "--schedules", f"--plan={case.plan}"]
    words += [f"--{name.replace('_', '-')}={value}" for name, value in case.options.items()]
    written = io.StringIO()
    with (
        redirect_stdout(written),
        redirect_stderr(io.StringIO()),
        pytest.raises(SystemExit) as ended,
    ):
        main(words)
    code = ended.value.code
    assert isinstance(code, int)
    return code, json.loads(written.getvalue(), parse_float=Decimal, parse_int=Decimal)
