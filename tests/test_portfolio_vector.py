"""The vectorised engine gives the records of the reference, whatever it is asked."""

from __future__ import annotations

from math import log1p
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from restructure.portfolio import prepared, setting_for
from test_portfolio_arrow import ALL, check

np = pytest.importorskip("numpy")
pa = pytest.importorskip("pyarrow")

PLANS = (
    "defer:3",
    "defer:2,interest=simple,pays=30%",
    "defer:2,interest=spread",
    "defer:4,interest=first,keep=maturity",
    "defer:1,interest=end,keep=payment",
    "defer:2,interest=waive",
    "defer:2,interest=pay,pays=10%",
    "defer:2,to=principal,pays=100,interest=first",
    "interest-only:3",
    "interest-only:2,keep=count+balloon:10%",
    "extend:12",
    "reduce:20%",
    "reduce:500",
    "reduce:50%,for=3",
    "rate:3%",
    "rate:cut=0.5,for=6",
    "rate:1%/month,for=3+rate:cut=0.25+extend:2",
    "balloon:20%",
    "set-aside:10%",
    "set-aside:100+defer:1,interest=spread",
    "forgive:10%",
    "forgive:100+reduce:10%",
    "step:50%x3/75%x3",
    "arrears:spread",
    "arrears:spread,over=2",
    "arrears:set-aside,penalty=spread+defer:1",
    "arrears:forgive,penalty=capitalise",
    "arrears:pay,fees=forgive+interest-only:2",
    "defer:0",
    "extra:100,at=2",
    "step:50%x2,of=regular",
)
"""Every measure the engine takes, with every key, and some that it leaves to the reference."""


def amounts(most: int) -> st.SearchStrategy[int]:
    """Return minor units, small and round ones as likely as any."""
    return st.one_of(st.integers(1, 300), st.integers(1, most), st.sampled_from([10**5, 10**7]))


LOANS = st.fixed_dictionaries(
    {
        "principal": st.one_of(amounts(10**9), amounts(10**15)),
        "term": st.one_of(st.integers(1, 24), st.integers(1, 480)),
        "rate": st.one_of(
            st.integers(0, 3000).map(lambda r: r / 100),
            st.sampled_from([0.0, 0.0001, 0.0000123, 14.4, 4.123456789, 999.0, 10_000.0]),
        ),
        "past": st.floats(0, 1),
        "missed": st.integers(0, 4),
        "fees": st.one_of(st.none(), st.integers(0, 10**4)),
        "payment": st.sampled_from([0.0, 0.0, 0.0, 0.7, 0.999, 1.0, 1.001, 1.5]),
    }
)


def columns(loans: list[dict[str, Any]], exponent: int) -> dict[str, list[Any]]:
    """Return loans as the columns of a book, in major units of a currency."""
    found: dict[str, list[Any]] = {
        name: [] for name in ("principal", "term", "rate", "paid", "missed", "fees", "payment")
    }
    for loan in loans:
        # Or the debt grows beyond the 38 digits that Arrow has.
        most = int(40 / log1p(loan["rate"] / 100)) if loan["rate"] else loan["term"]
        loan["term"] = min(loan["term"], most)
        past = int(loan["past"] * loan["term"])
        missed = min(loan["missed"], past)
        level = loan["principal"] * (1 / loan["term"] + loan["rate"] / 2400) * loan["payment"]
        found["principal"].append(f"{loan['principal']:0{exponent + 1}d}")
        found["term"].append(loan["term"])
        found["rate"].append(loan["rate"])
        found["paid"].append(past - missed)
        found["missed"].append(missed)
        found["fees"].append(None if loan["fees"] is None else loan["fees"])
        found["payment"].append(f"{max(int(level), 1):0{exponent + 1}d}" if level else None)
    if exponent:
        for name in ("principal", "payment"):
            found[name] = [t and f"{t[:-exponent]}.{t[-exponent:]}" for t in found[name]]
    return found


MANNER = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow],
    "phases": [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
}


@settings(max_examples=25, **MANNER)
@given(
    st.lists(LOANS, min_size=1, max_size=6),
    st.lists(st.sampled_from(PLANS), min_size=1, max_size=5, unique=True),
    st.sampled_from([("CNY", 2), ("JPY", 0), ("KWD", 3)]),
    st.sampled_from(["half-up", "half-even", "up", "down"]),
    st.sampled_from(["month", "month", "quarter", "2 weeks"]),
)
def test_both_engines_agree(
    loans: list[dict[str, Any]], plans: list[str], currency: tuple[str, int], mode: str, every: str
) -> None:
    """Every figure of every plan is that of the reference: same digits, same refusals."""
    options = {"currency": currency[0], "rounding": mode, "every": every}
    check(columns(loans, currency[1]), plans, given=options)


@pytest.mark.slow
@settings(max_examples=400, **MANNER)
@given(
    st.lists(LOANS, min_size=1, max_size=12),
    st.lists(st.sampled_from(PLANS), min_size=1, max_size=5, unique=True),
    st.sampled_from([("CNY", 2), ("JPY", 0), ("KWD", 3)]),
    st.sampled_from(["half-up", "half-even", "up", "down"]),
    st.sampled_from(["month", "quarter", "week", "year"]),
)
def test_both_engines_agree_at_length(
    loans: list[dict[str, Any]], plans: list[str], currency: tuple[str, int], mode: str, every: str
) -> None:
    """The same, many more times."""
    options = {"currency": currency[0], "rounding": mode, "every": every}
    check(columns(loans, currency[1]), plans, given=options)


def book(count: int) -> dict[str, list[Any]]:
    """Return ordinary loans of every term from 12 to 360 months, at any point of it."""
    chance = np.random.default_rng(8)
    term = 12 + chance.permutation(count) % 349
    return {
        "principal": (chance.integers(100_000, 50_000_000, count) / 100).tolist(),
        "term": term.tolist(),
        "rate": (chance.integers(300, 400, count) / 100).tolist(),
        "paid": (chance.random(count) * (term - 10)).astype(int).tolist(),
        "missed": chance.integers(0, 4, count).tolist(),
    }


def test_an_ordinary_book_needs_no_reference() -> None:
    """What the engine is for, it takes: nearly all pairs, and they are the reference's."""
    from restructure.portfolio.vector import figures

    columns = book(60)
    plans = [plan for plan in PLANS if "extra" not in plan and "regular" not in plan]
    plans = [plan for plan in plans if "over=" not in plan and plan != "reduce:500"]
    batch = pa.RecordBatch.from_pydict(columns)
    taken = figures(
        batch, prepared(plans), setting_for(list(columns), columns=ALL, prefix="new_")
    ).taken
    assert taken.mean() > 0.97
    check(columns, plans[::3])


def test_a_debt_of_cents_that_grows() -> None:
    """At 999 % a year and rounded up, the instalment of 0.03 lies below its interest."""
    columns = {
        "principal": ["0.03", "50000"], "term": [12, 12], "rate": [999.0, 14.4], "paid": [4, 4],
        "missed": [2, 2],
    }  # fmt: skip
    check(columns, ["defer:3", "arrears:spread"], given={"rounding": "up"})


@pytest.mark.parametrize("mode", ["half-up", "half-even", "up", "down"])
def test_every_row_is_the_references(mode: str) -> None:
    """Not only the sums: after each period, each loan's balance is that of its schedule."""
    from restructure import Loan, build
    from restructure.portfolio.vector_kernel import Rounding, run

    how = Rounding(mode, 120_000)
    terms, rates, principals = [1, 2, 12, 60, 359, 360], ["0", "3.07", "14.4"], [999, 50_000]
    loans = [
        Loan.of(principal=p, term=t, rate=r, rounding=mode)
        for p in principals
        for t in terms
        for r in rates
    ]
    schedules = [build(loan) for loan in loans]
    balance = np.asarray([loan.balance for loan in loans])
    num = np.asarray([int(loan.rate * 10_000) for loan in loans])
    pay = np.asarray([schedule.payment[0] for schedule in schedules])
    for row in (*range(14), *range(14, 360, 9), 357, 358, 359):
        rows = np.asarray([min(row, len(schedule) - 1) for schedule in schedules])
        for sure in (False, True):
            after = run(balance, num, pay, rows, how, np.full(len(loans), sure))
            expected = [s.opening[k] for s, k in zip(schedules, rows.tolist(), strict=True)]
            assert after.tolist() == expected
