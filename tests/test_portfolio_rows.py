"""The reference of the portfolio: one record of a book to result records or to a reject."""

from __future__ import annotations

import pickle
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from restructure import compare
from restructure.errors import RestructureError
from restructure.portfolio import RESULTS, evaluate_row, prepared, setting_for
from restructure.render._compare import flat
from restructure.terms import loan_of

HEADER = ["id", "principal", "term", "rate"]
PLANS = prepared(["defer:3", "longer=extend:12"])
MR_LI = {"id": "A-1", "principal": "50000", "term": "12", "rate": "14.4"}


def test_the_founding_case_has_its_published_figures() -> None:
    """50,000 over 12 months at 14.4 %: instalment and interest of the design's check values."""
    setting = setting_for(HEADER, columns=("plan", "payment", "total_interest"))
    assert evaluate_row(MR_LI, PLANS, setting).lines == [
        ("as agreed", Decimal("4498.77"), Decimal("3985.26")),
        ("defer:3", Decimal("4662.68"), Decimal("5952.14")),
        ("longer", Decimal("2410.10"), Decimal("7842.51")),
    ]


@pytest.mark.parametrize(
    "record",
    [
        MR_LI,
        {"principal": "50000", "term": "12", "rate": "14.4", "paid": "4", "missed": "2"},
        {"principal": 1_000_000, "term": 24, "rate": 3, "currency": "JPY", "method": "flat"},
        {"principal": "9000.5", "term": 18, "rate": "0.04%/day", "start": "2026-01-31"},
    ],
)
def test_each_record_is_the_row_that_compare_gives(record: dict[str, Any]) -> None:
    """All figures of a loan and plan are those of `compare --format csv` for that loan."""
    fields = {name: value for name, value in record.items() if name != "id"}
    setting = setting_for([*record], columns=tuple(RESULTS))
    found = evaluate_row(record, PLANS, setting)
    names = {"plan": "name", "measures": "plan"}
    for line, result in zip(found.lines, compare(loan_of(fields), PLANS).plans, strict=True):
        row = flat(result)
        assert line == tuple(row[names.get(name, name)] for name in RESULTS)


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"term": "abc"}, "term", "'abc' is not a whole number from 1 to 5200."),
        ({"term": ""}, "term", "is missing"),
        ({"rate": " "}, "rate", "is empty"),
        ({"rate": float("nan")}, "rate", "is empty"),
        ({"principal": "1,000"}, "principal", "Write it without separators: 1000."),
        ({"principal": True}, "principal", "True"),
        ({"principal": b"\xff"}, "principal", "is not an amount"),
        ({"term": datetime(2026, 1, 1, 12)}, "term", "is not a whole number"),
    ],
)
def test_a_bad_value_is_a_reject_with_all_pairs(
    change: dict[str, Any], field: str, reason: str
) -> None:
    """The reject names the field and says why; it stands for all three pairs of the loan."""
    found = evaluate_row({**MR_LI, **change}, PLANS, setting_for(HEADER), row=7)
    assert found.lines == []
    (reject,) = found.rejects
    assert (reject.row, reject.plan, reject.pairs, reject.field) == (7, "", 3, field)
    assert reason in reject.reason


def test_a_refused_plan_is_a_reject_of_one_pair() -> None:
    """A pause as long as the loan with the end kept cannot be: the other pairs are computed."""
    plans = prepared(["defer:12,keep=maturity", "extend:12"])
    found = evaluate_row(MR_LI, plans, setting_for(HEADER))
    assert [line[0] for line in found.lines] == ["as agreed", "extend:12"]
    (reject,) = found.rejects
    assert (reject.plan, reject.pairs) == ("defer:12,keep=maturity", 1)
    assert reject.reason


def test_a_loan_may_bring_plans_of_its_own() -> None:
    """A column of plans, separated by semicolons, adds to those of the whole book."""
    setting = setting_for([*HEADER, "offer"], plan_column="offer")
    found = evaluate_row({**MR_LI, "offer": "extend:6; reduce:3000"}, PLANS[:1], setting)
    assert [line[0] for line in found.lines] == ["as agreed", "defer:3", "extend:6", "reduce:3000"]
    (reject,) = evaluate_row({**MR_LI, "offer": "refer:3"}, PLANS[:1], setting).rejects
    assert reject.field == "offer"
    assert "Did you mean 'defer'?" in reject.reason


def test_columns_are_mapped_by_name_and_options_win() -> None:
    """--map names a column, leaves one out, and what is given for all wins over a column."""
    header = ["OutstandingBal", "n", "rate", "fees"]
    setting = setting_for(
        header, ["principal=OutstandingBal", "term=n", "fees="], {"payment": "4498.77"}
    )
    assert setting.fields == {"principal": "OutstandingBal", "term": "n"}
    record = {"OutstandingBal": "50000", "n": "12", "rate": "99", "fees": "none"}
    assert len(evaluate_row(record, PLANS, setting).lines) == 3


@pytest.mark.parametrize(
    ("header", "maps", "words"),
    [
        (["id", "rate"], [], "principal is in no column"),
        (HEADER, ["principal=Principle"], "Did you mean 'principal'?"),
        (HEADER, ["principle=id"], "Did you mean 'principal'?"),
        (HEADER, ["principal"], "is not FIELD=COLUMN"),
        ([*HEADER, "npv_loss"], [], "--prefix"),
    ],
)
def test_a_book_that_cannot_work_is_refused_at_once(
    header: list[str], maps: list[str], words: str
) -> None:
    """What is wrong with all rows is one error, not a reject a row."""
    with pytest.raises(RestructureError) as caught:
        setting_for(header, maps)
    assert words in str(caught.value)


def test_setting_and_plans_can_be_sent_to_another_process() -> None:
    """Both can be pickled, and give the same records afterwards."""
    setting = setting_for(HEADER)
    again, plans = pickle.loads(pickle.dumps((setting, PLANS)))
    assert evaluate_row(MR_LI, plans, again) == evaluate_row(MR_LI, PLANS, setting)
