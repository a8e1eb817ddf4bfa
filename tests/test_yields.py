"""Yields: the solver, dated flows, China's two forms, and the command that prints them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restructure.cli import main
from restructure.metrics import period_yield
from restructure.yields import (
    Yield,
    apr_us,
    aprc,
    effective_rate,
    irr,
    nominal_irr,
    nominal_irr_of,
    xirr,
)

AMOUNTS = st.floats(0.01, 1e6)
PAYMENTS = st.lists(st.one_of(st.just(0.0), AMOUNTS), min_size=1, max_size=60).filter(any)


def worth(advance, payments, rate):
    """Return the value of payments less the advance."""
    return sum(paid / (1 + rate) ** k for k, paid in enumerate(payments, 1)) - advance


# Advance, payments, yield a period: by closed form.
CLOSED = [
    (100, [110], 0.10),
    (100, [0, 121], 0.10),
    (100, [50], -0.50),
    (100, [0, 25], -0.50),
    (1200, [100] * 12, 0.0),
    (1200, [0] * 24 + [100] * 12, 0.0),
    (100, [10] * 49 + [110], 0.10),
    (100, [1] * 359 + [101], 0.01),
    (1000, [0] * 30 + [1000 * 1.02**31], 0.02),
    (Decimal("100.00"), [Decimal("110.00")], 0.10),
    (Decimal(100), [Decimal(10), Decimal(110)], 0.10),
    (Fraction(100), [Fraction(10), Fraction(110)], 0.10),
    (10_000_000, [1_000_000, 11_000_000], 0.10),
    (100, [200, 0, 0], 1.0),
    (1, [0, 0, 1e9], 999.0),
    (1, [1e6], 999_999.0),
    (1e6, [1], -0.999999),
]


@pytest.mark.parametrize(("advance", "payments", "rate"), CLOSED)
def test_closed_forms(advance, payments, rate):
    """Yields that are known exactly come out to the precision of a float."""
    found = irr(advance, payments)
    assert isinstance(found.rate, float)
    assert found.rate == pytest.approx(rate, rel=1e-12, abs=1e-15)


# Advance, payments; a part of the reason. 10 % and 20 %; none; touching 50 %.
WITHOUT = [
    (100, [230, -132], "several rates make the flows worth 0: 10 %, 20 %"),
    (100, [150, -60], "no rate above -100 %"),
    (100, [], "never change sign"),
    (100, [0, 0], "never change sign"),
    (100, [-1, -2], "never change sign"),
    (0, [0], "no flows"),
    (0, [5, 6], "never change sign"),
]


@pytest.mark.parametrize(("advance", "payments", "reason"), WITHOUT)
def test_reasons(advance, payments, reason):
    """Several roots or none give a reason and no number."""
    found = irr(advance, payments)
    assert found.rate is None
    assert reason in found.reason


def test_touching_root_is_one():
    """A root where the value touches 0 without crossing it counts once."""
    found = irr(100, [300, -225])
    assert found.rate == pytest.approx(0.5, abs=1e-6)


def test_further_drawdowns():
    """A drawdown after the first payment changes signs three times and has one yield still."""
    found = irr(1000, [100, -500, *[150] * 12])
    assert found.rate is not None
    assert worth(1000, [100, -500, *[150] * 12], found.rate) == pytest.approx(0, abs=1e-9)


def test_absurd_second_root_is_left_out():
    """A fee a year before a loan begets a second root near 20,000 %, which is no rate."""
    flows = [(date(2024, 1, 1), 150), (date(2025, 1, 1), -30_000), (date(2026, 1, 1), 33_000)]
    found = xirr(flows)
    assert found.rate == pytest.approx(0.106, abs=0.001)


@given(AMOUNTS, PAYMENTS)
def test_value_at_the_yield_is_zero(advance, payments):
    """At the yield payments are worth the advance, to rounding."""
    found = irr(advance, payments)
    if found.rate is None:
        assert "too" in found.reason
        return
    if -0.5 < found.rate < 10:
        assert worth(advance, payments, found.rate) == pytest.approx(0, abs=advance * 1e-9)


@given(AMOUNTS, PAYMENTS, st.sampled_from([0.01, 3, 1000]))
def test_scaling_changes_nothing(advance, payments, times):
    """Flows of another currency unit have the same yield."""
    one = irr(advance, payments).rate
    other = irr(advance * times, [paid * times for paid in payments]).rate
    assert other == pytest.approx(one, rel=1e-9, abs=1e-12)


@given(st.lists(AMOUNTS, min_size=1, max_size=20), st.sampled_from([1, -1]))
def test_one_sign_gives_a_reason(amounts, sign):
    """Flows that never change sign have no yield, under any convention."""
    flows = [(date(2024, 1, 1) + timedelta(days=30 * k), sign * a) for k, a in enumerate(amounts)]
    for found in (xirr(flows), aprc(flows), *nominal_irr_of(flows), irr(0, amounts)):
        assert found.rate is None
        assert found.reason


@given(AMOUNTS, PAYMENTS)
def test_turning_all_signs_changes_nothing(advance, payments):
    """The borrower's flows have the lender's yield."""
    days = [date(2024, 1, 1) + timedelta(days=31 * k) for k in range(len(payments) + 1)]
    flows = list(zip(days, [-advance, *payments], strict=True))
    turned = [(day, -amount) for day, amount in flows]
    assert xirr(turned) == xirr(flows)


def test_metrics_use_the_same_solver():
    """metrics.period_yield is irr in minor units, and None without an advance."""
    payments = [449_877] * 11 + [449_879]
    assert period_yield(5_000_000, payments) == irr(5_000_000, payments).rate
    assert period_yield(5_000_000, payments) == pytest.approx(0.012, abs=1e-8)
    assert period_yield(0, payments) is None
    assert period_yield(-5, payments) is None
    assert period_yield(5, []) is None


def test_pyxirr():
    """pyxirr finds the same yields, of equal periods and of dates, level and irregular."""
    pyxirr = pytest.importorskip("pyxirr")
    draw = Random(7)
    for _ in range(300):
        count = draw.choice((2, 12, 36, 360))
        advance = draw.uniform(100, 1e6)
        usual = advance / count * draw.uniform(1, 2)
        payments = [usual] * count
        if draw.random() < 0.6:
            paused = draw.randrange(count // 2 + 1)
            payments[:paused] = [0.0] * paused
        if draw.random() < 0.5:
            payments = [paid * draw.uniform(0.5, 1.5) for paid in payments]
        expected = pyxirr.irr([-advance, *payments])
        assert irr(advance, payments).rate == pytest.approx(expected, abs=1e-9)
        days = [date(2020, 1, 1) + timedelta(days=31 * k) for k in range(count + 1)]
        flows = [-advance, *payments]
        expected = pyxirr.xirr(days, flows)
        assert xirr(list(zip(days, flows, strict=True))).rate == pytest.approx(expected, abs=1e-9)


# Principal, instalments, fee a period, nominal IRR in per cent, tolerance.
# lnmlw.com on card instalments; 13.84 % effective is by formula.
FLAT = [(10_000, 12, 0.006, 13.0, 0.1)]


@pytest.mark.parametrize(("principal", "count", "fee", "percent", "tolerance"), FLAT)
def test_card_instalments(principal, count, fee, percent, tolerance):
    """A flat fee a period is a higher rate on what is really outstanding: simple, compound."""
    found = nominal_irr(principal, [principal / count + principal * fee] * count)
    assert found.simple.rate is not None
    assert found.simple.rate * 100 == pytest.approx(percent, abs=tolerance)
    assert found.compound.rate == pytest.approx(0.1384178507, abs=1e-9)


def test_effective_rate():
    """A yield a period compounds to a year's; a reason stays a reason."""
    assert effective_rate(0.012, 12).rate == pytest.approx(1.012**12 - 1)
    assert effective_rate(Yield(None, "why"), 12) == Yield(None, "why")
    assert effective_rate(1e300, 12).reason == "the rate is too large for a number"


def test_broken_periods_have_no_nominal_yield():
    """Flows that are not whole periods apart have no yield of equal periods."""
    flows = [(date(2024, 1, 1), -100), (date(2024, 2, 10), 40)]
    flows += [(date(2024, 3, 10), 40), (date(2024, 4, 10), 40)]
    assert "not whole periods apart (month, 2024-02-10)" in nominal_irr_of(flows).simple.reason


def test_extreme_flows_end_in_numbers_or_reasons():
    """Rates beyond a float end in a reason, and no exception."""
    assert irr(1e-300, [1e300]).reason == "the rate is too large for a number"
    assert irr(1e300, [1e-300]).reason == "the rate is too close to -100 % for a number"
    assert apr_us([(date(2024, 1, 1), 1)], [(date(2024, 1, 1), 2)]).rate is None


CSV = "date,amount\n2026-01-31,-50000\n" + "".join(
    f"{day},4498.77\n"
    for day in (
        "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31",
        "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31",
    )
)  # fmt: skip


def run(capsys, tmp_path, text, *options):
    """Run `restructure yield` on a file and return exit code, output and messages."""
    file = tmp_path / "flows.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as done:
        main(["yield", str(file), *options])
    out, err = capsys.readouterr()
    return done.value.code, out, err


def test_command_json(capsys, tmp_path):
    """The founding case on month ends: 14.4 % nominal in the US, 15.39 % in the EU."""
    code, out, err = run(capsys, tmp_path, CSV, "--format", "json")
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert document["schema"] == "restructure.yield/1"
    rates = {line["name"]: line["rate"] for line in document["yields"]}
    assert rates == {
        "effective_rate": 0.1551,
        "apr_us": 0.143999,
        "aprc": 0.153894,
        "nominal_irr_compound": 0.153894,
        "nominal_irr_simple": 0.143999,
    }


@pytest.mark.parametrize("name", ["table", "markdown", "csv", "jsonl"])
def test_command_formats(capsys, tmp_path, name):
    """Every format has a line for each of the five yields."""
    code, out, _ = run(capsys, tmp_path, CSV, "--format", name)
    assert code == 0
    plain = out.replace("\\", "")
    for word in ("effective_rate", "apr_us", "aprc", "nominal_irr_compound", "nominal_irr_simple"):
        assert word in plain


def test_command_sorts_and_says_so(capsys, tmp_path):
    """Dates in any order are sorted, with a note."""
    code, out, err = run(capsys, tmp_path, "date,amount\n2026-03-01,6\n2026-01-01,-5\n")
    assert code == 0
    assert "sorted by date" in err
    assert "2 flows from 2026-01-01 to 2026-03-01" in out


def test_command_gives_reasons(capsys, tmp_path):
    """A yield that does not exist is none, with the reason below the table."""
    text = "date,amount\n2024-01-01,-100\n2025-01-01,230\n2026-01-01,-132\n"
    code, out, _ = run(capsys, tmp_path, text)
    assert code == 0
    assert "aprc: none, since several rates make the flows worth 0: 10 %, 20 %." in out


def test_command_conventions(capsys, tmp_path):
    """--aprc and --unit-period choose how time is counted, and are checked."""
    text = "date,amount\n2012-10-10,-500\n2012-11-10,270\n2012-12-10,270\n"
    _, out, _ = run(capsys, tmp_path, text, "--aprc", "act/365", "--format", "csv")
    assert "aprc,0.846308" in out
    _, out, _ = run(capsys, tmp_path, text, "--unit-period", "week", "--format", "csv")
    assert "unit-period: week" in out
    code, _, err = run(capsys, tmp_path, text, "--aprc", "us")
    assert (code, "aprc: 'us' is not one of eu" in err) == (3, True)


# File, a part of the message.
WRONG = [
    ("", "flows.csv: is empty."),
    ("date,amount\n", "flows.csv: has a header and no flows."),
    ("day,amount\n2026-01-01,5\n", "line 1: the header has no column date"),
    ("date,amount\n2026-02-30,5\n", "line 2: '2026-02-30' is not a date"),
    ("date,amount\n\n1/2/2026,5\n", "line 3: '1/2/2026' is not a date"),
    ("date,amount\n20260102,5\n", "line 2: '20260102' is not a date"),
    ("date,amount\n2026-02-28,five\n", "line 2: amount: 'five' is not an amount"),
    ("date,amount\n2026-02-28,nan\n", "line 2: amount: 'nan' is not an amount"),
    ("date,amount\n2026-02-28,\n", "line 2: amount is empty"),
    ("date,amount\n2026-02-28,1e3\n", "line 2: amount: '1e3' is not an amount"),
    ("date,amount\n2026-02-28,9999999999999999\n", "line 2: '9999999999999999' is above"),
    ("date,amount\n2026-02-28,1,000\n", "line 2: has 3 cells"),
    ("date,amount\n2026-02-28,5\n2026-03-28,6\n", "no amount is below 0"),
    ("date,amount\n2026-02-28,-5\n2026-03-28,-6\n", "no amount is above 0"),
    ("date,amount\n2026-02-28,0\n", "never change sign"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_command_names_file_and_line(capsys, tmp_path, text, message):
    """What is wrong in the file is told with file and line, and exit code 3."""
    code, out, err = run(capsys, tmp_path, text)
    assert (code, out) == (3, "")
    assert message in err


def test_command_needs_a_readable_file(capsys, tmp_path):
    """A missing file, a folder and a file that is not UTF-8 get a message each."""
    bad = tmp_path / "latin.csv"
    bad.write_bytes(b"date,amount\n2026-01-01,\xa35\n")
    for path, words in (
        (tmp_path / "none.csv", "there is no such file"),
        (tmp_path, "is a folder"),
        (bad, "is not UTF-8 text (byte 24)"),
    ):
        with pytest.raises(SystemExit) as done:
            main(["yield", str(path)])
        assert done.value.code == 3
        assert words in capsys.readouterr().err
