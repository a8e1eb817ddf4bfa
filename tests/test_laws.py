"""The laws that hold for every schedule and every plan, over loans and plans drawn at random."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import restructure as rs
from loans import COLUMNS, examples, founding, line_of, minor_rows, schedule_of
from restructure.comparison import Comparison, PlanResult, compare
from restructure.measures import Plan, parse_plan, parse_plans

PLACES = {"CNY": 2, "JPY": 0, "KWD": 3}
METHODS = ("level", "equal-principal", "interest-only", "flat")
ROUNDINGS = ("half-up", "half-even", "up", "down")
TREATMENTS = ("capitalise", "simple", "spread", "first", "end", "waive", "pay")
HOWS = ("capitalise", "spread", "set-aside", "pay", "forgive")


# Loans and plans


def written(minor: int, places: int) -> str:
    """Write an amount of minor units as the plan grammar does."""
    return f"{Decimal(minor).scaleb(-places):f}"


@st.composite
def loans(
    draw: st.DrawFn, methods: tuple[str, ...] = METHODS, missed: bool = True
) -> dict[str, Any]:
    """Draw the terms of a loan, some instalments into it, possibly with arrears."""
    currency = draw(st.sampled_from(sorted(PLACES)))
    term = draw(st.integers(1, 60))
    rate = draw(st.sampled_from(["0", "0.01", "1.75", "6", "14.4", "18.25", "36", "59.9999"]))
    terms: dict[str, Any] = {
        "principal": written(draw(st.integers(1000, 10**9)), PLACES[currency]),
        "term": term,
        "rate": f"{rate}%",
        "currency": currency,
        "method": draw(st.sampled_from(methods)),
        "every": draw(st.sampled_from(["month", "month", "month", "week", "quarter", "year"])),
        "rounding": draw(st.sampled_from(ROUNDINGS)),
    }
    if term > 2 and draw(st.booleans()):
        terms["paid"] = draw(st.integers(0, term - 2))
        if missed and draw(st.booleans()):
            terms["missed"] = draw(st.integers(1, term - 1 - terms["paid"]))
            if draw(st.booleans()):
                terms["fees"] = written(draw(st.integers(1, 5000)), PLACES[currency])
    # Small loans can be repaid by rounding before the day of restructuring: nothing to plan.
    try:
        compare(rs.Loan.of(**terms), [])
    except rs.RestructureError:
        assume(False)
    return terms


SHARES = st.sampled_from(["1%", "7.5%", "20%", "33.33%", "60%"])
COUNTS = st.integers(1, 6)

MEASURES: dict[str, st.SearchStrategy[str]] = {
    "defer": st.builds(
        "defer:{},interest={},keep={}".format,
        COUNTS,
        st.sampled_from(TREATMENTS),
        st.sampled_from(["count", "maturity", "payment"]),
    ),
    "pays": st.builds(
        "defer:{},pays={},interest={}".format, COUNTS, SHARES, st.sampled_from(TREATMENTS)
    ),
    "interest-only": st.builds(
        "interest-only:{},keep={}".format,
        COUNTS,
        st.sampled_from(["count", "maturity", "payment"]),
    ),
    "extend": st.builds("extend:{}".format, st.integers(1, 36)),
    "reduce": st.builds("reduce:{}".format, SHARES),
    "reduce for": st.builds("reduce:{},for={}".format, SHARES, COUNTS),
    "rate": st.builds("rate:{}".format, st.sampled_from(["0%", "3%", "9.99%", "1%/month"])),
    "rate for": st.builds("rate:{}%,for={}".format, st.integers(0, 40), COUNTS),
    "cut": st.builds("rate:cut={}".format, st.sampled_from(["0.005", "1", "1.75%"])),
    "balloon": st.builds("balloon:{}".format, SHARES),
    "set-aside": st.builds("set-aside:{}".format, SHARES),
    "forgive": st.builds("forgive:{}".format, SHARES),
    "forgive of": st.builds(
        "forgive:{},of={}".format, SHARES, st.sampled_from(["interest", "penalty", "fees"])
    ),
    "arrears": st.builds(
        "arrears:{},over={},penalty={}".format,
        st.sampled_from(HOWS),
        st.integers(1, 8),
        st.sampled_from(HOWS),
    ),
    "extra": st.builds(
        "extra:{},at={},then={}".format,
        SHARES,
        st.integers(1, 12),
        st.sampled_from(["term", "instalment"]),
    ),
    "step": st.builds("step:{}x{}/{}x{}".format, SHARES, COUNTS, SHARES, COUNTS),
}
ANYTHING = tuple(MEASURES)
MEASURES["capitalise"] = st.builds("defer:{},pays={}".format, COUNTS, st.just("0") | SHARES)
"""A pause whose interest is capitalised: of those in ANYTHING, some are."""
NO_CONCESSION = (
    "interest-only", "extend", "reduce", "reduce for", "balloon", "extra", "step", "capitalise",
)  # fmt: skip


def plans(kinds: tuple[str, ...] = ANYTHING, most: int = 4) -> st.SearchStrategy[str]:
    """Draw a plan of one to `most` measures of some kinds."""
    one = st.sampled_from(kinds).flatmap(MEASURES.__getitem__)
    return st.lists(one, min_size=1, max_size=most).map("+".join)


def carried_out(terms: dict[str, Any], plan: str) -> PlanResult:
    """Return the line of a plan that can be carried out; others are not examples."""
    line = line_of(rs.Loan.of(**terms), plan)
    assume(not line.refused)
    return line


# Every schedule


def reconcile(schedule: rs.Schedule) -> None:
    """Hold what is true of every schedule, row by row and at its end."""
    rows = minor_rows(schedule)
    assert all(type(amount) is int for row in rows for amount in row)
    opening = rows[0][0]
    for before, interest, charges, principal, payment, closing in rows:
        assert before == opening
        assert before + interest + charges - payment == closing
        assert principal == payment - interest - charges
        assert payment >= 0
        assert interest >= 0
        opening = closing
    assert opening == 0
    assert all(row[5] > 0 for row in rows[:-1])  # rows end when nothing is owed


@given(terms=loans())
@examples(150)
def test_as_agreed_reconciles(terms: dict[str, Any]) -> None:
    """As agreed, on any day, each row reconciles, follows on the last, and nothing is left."""
    reconcile(schedule_of(rs.Loan.of(**terms)))


@given(terms=loans(), plan=plans())
@examples(600)
def test_plans_reconcile(terms: dict[str, Any], plan: str) -> None:
    """So it is under composed plans, whatever their measures."""
    reconcile(carried_out(terms, plan).schedule)


@given(terms=loans(), plan=plans())
@examples(300)
def test_sums_reconcile(terms: dict[str, Any], plan: str) -> None:
    """What is paid is the arrears at once, the first opening, interest and charges: no more.

    What is forgiven is out of the first opening, so that it and the first opening are what is
    owed on the day.
    """
    line = carried_out(terms, plan)
    for one in (line, line.comparison.plans[0]):
        first = next(one.schedule.rows).opening
        assert one.total_paid == one.arrears + first + one.total_interest + one.total_charges
    owed = line.schedule.loan.currency.decimal(line.comparison.loan.owed)
    assert next(line.schedule.rows).opening + line.forgiven == owed
    agreed = line.comparison.plans[0]
    assert line.extra_cost == line.total_paid - agreed.total_paid
    assert agreed.extra_cost == 0
    assert line.extra_periods == line.periods - agreed.periods
    # Over a horizon beyond both ends, relief is what is paid less in all.
    assert line.relief_within(10_000) == -line.extra_cost


@given(terms=loans(), plan=plans())
@examples(200)
def test_no_float_carries_money(terms: dict[str, Any], plan: str) -> None:
    """Amounts are Decimals with the currency's decimals, and whole minor units inside."""
    line = carried_out(terms, plan)
    places = PLACES[terms["currency"]]
    amounts = [line.payment, line.first_payment, line.lowest_payment, line.highest_payment]
    amounts += [line.last_payment, line.total_paid, line.total_interest, line.total_charges]
    amounts += [line.arrears, line.forgiven, line.extra_cost, line.npv_loss]
    amounts += [*line.relief.values()]
    amounts += [getattr(row, name) for row in line.schedule.rows for name in COLUMNS]
    assert {type(amount) for amount in amounts} == {Decimal}
    assert {amount.as_tuple().exponent for amount in amounts} == {-places}


# Value


@given(
    terms=loans(("level", "equal-principal", "interest-only"), missed=False),
    plan=plans(NO_CONCESSION),
)
@examples(300)
def test_value_at_the_contract_rate(terms: dict[str, Any], plan: str) -> None:
    """Where nothing is given away, a plan is worth its opening balance at the contract rate.

    The value of what is paid differs from it by the value of what rounding moved: at most half
    a minor unit of interest a row, or a whole one where interest is rounded up or down.
    """
    assert_worth_its_opening(terms, plan)


@given(terms=loans(("level",)), plan=plans(("extend", "interest-only", "reduce for", "capitalise")))
@examples(150)
def test_value_of_capitalised_arrears(terms: dict[str, Any], plan: str) -> None:
    """The same holds with arrears where they and their penalty are capitalised."""
    assert_worth_its_opening(terms, f"arrears:capitalise,penalty=capitalise+{plan}")


def assert_worth_its_opening(terms: dict[str, Any], plan: str) -> None:
    """Compare the exact value at the contract rate with the opening balance."""
    schedule = carried_out(terms, plan).schedule
    growth = 1 + schedule.loan.rate / schedule.loan.every.per_year
    value = sum(paid / growth**row for row, paid in enumerate(schedule.payment, 1))
    annuity = sum(1 / growth**row for row in range(1, len(schedule) + 1))
    whole = terms["rounding"] in ("up", "down")
    assert abs(value - schedule.opening[0]) <= annuity * (Fraction(1) if whole else Fraction(1, 2))


@given(terms=loans(("level",), missed=False), added=st.integers(1, 120))
@examples(200)
def test_extension_lowers_the_instalment(terms: dict[str, Any], added: int) -> None:
    """At an unchanged rate `extend` never raises the instalment."""
    terms = {**terms, "paid": 0}
    agreed, extended = compare(rs.Loan.of(**terms), [f"extend:{added}"]).plans
    assert extended.payment <= agreed.payment


@given(terms=loans(("level",), missed=False), added=st.integers(1, 120))
@examples(200)
def test_extension_in_the_middle(terms: dict[str, Any], added: int) -> None:
    """Nor does it some instalments into the loan, against the largest that is still to come.

    Rounding may have left a larger last instalment: that one counts as agreed.
    """
    agreed, extended = compare(rs.Loan.of(**terms), [f"extend:{added}"]).plans
    assert extended.payment <= agreed.highest_payment


# Nothing, order, labels, text

NOTHING = (
    "defer:0", "defer:0,interest=waive,keep=payment", "defer:0,pays=100", "interest-only:0",
    "interest-only:0,keep=payment", "extend:0", "reduce:0", "reduce:0%", "reduce:0%,for=3",
    "reduce:50%,for=0", "rate:cut=0", "rate:cut=0%,for=3", "rate:5%,for=0", "balloon:0",
    "balloon:0%", "set-aside:0", "set-aside:0%", "forgive:0", "forgive:0%,of=interest",
    "forgive:0,of=penalty", "forgive:0%,of=fees", "extra:0", "extra:0%,at=5,then=instalment",
    "step:50%x0", "step:50%x0/75%x0",
)  # fmt: skip


@given(terms=loans(), plan=plans(most=3), nothing=st.sampled_from(NOTHING), data=st.data())
@examples(400)
def test_a_measure_with_zero_changes_nothing(
    terms: dict[str, Any], plan: str, nothing: str, data: st.DataObject
) -> None:
    """Wherever a measure with 0 stands in a plan, the rows are those of the plan without it."""
    measures = plan.split("+")
    measures.insert(data.draw(st.integers(0, len(measures))), nothing)
    without, beside = compare(rs.Loan.of(**terms), [plan, "+".join(measures)]).plans[1:]
    assert bool(without.refused) == bool(beside.refused)
    if not without.refused:
        assert minor_rows(without.schedule) == minor_rows(beside.schedule)


@pytest.mark.parametrize("nothing", NOTHING)
@pytest.mark.parametrize("method", METHODS)
def test_zero_alone_is_as_agreed(nothing: str, method: str) -> None:
    """A plan of nothing but a 0 gives the rows as agreed, some instalments into any loan."""
    agreed, line = compare(founding(method=method, paid=5), [nothing]).plans
    assert minor_rows(line.schedule) == minor_rows(agreed.schedule)
    assert line.extra_cost == 0
    assert line.npv_loss == 0


@given(
    stretches=st.lists(
        st.tuples(st.sampled_from(["defer", "interest-only", "reduce", "step"]), COUNTS),
        min_size=1,
        max_size=5,
    )
)
@examples(150)
def test_stretches_queue_in_order(stretches: list[tuple[str, int]]) -> None:
    """Stretches follow one another as written, from the next due date, and none is lost."""
    texts = {
        "defer": "defer:{}",
        "interest-only": "interest-only:{},keep=count",
        "reduce": "reduce:1000,for={}",
        "step": "step:25%x{}",
    }
    # Of those that take their rows from the regular ones, enough are left.
    taken = sum(rows for name, rows in stretches if name in ("reduce", "step"))
    plan = "+".join(texts[name].format(rows) for name, rows in stretches)
    schedule = schedule_of(founding(), f"{plan}+extend:{taken}")
    row = 0
    for name, rows in stretches:
        for _ in range(rows):
            expected = {
                "defer": 0,
                "interest-only": schedule.interest[row],
                "reduce": 100_000,
                "step": 112_469,  # a quarter of 4,498.77 is 1,124.6925
            }
            assert schedule.payment[row] == expected[name]
            row += 1
    assert schedule.regular_from == row
    assert len(schedule) == row + 12


NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=":="), min_size=1
).filter(lambda name: name.strip() == name)


@given(label=NAMES, plan=plans())
@examples(200)
def test_labels(label: str, plan: str) -> None:
    """A label is any text without ":" or "="; it names the plan and changes nothing else."""
    labelled, bare = parse_plan(f"{label}={plan}"), parse_plan(plan)
    assert labelled.name == label
    assert bare.name == bare.text
    assert meaning(labelled) == meaning(bare)


@given(plan=plans())
@examples(300)
def test_a_plan_written_again_is_the_same_plan(plan: str) -> None:
    """The text of a plan that was read stands for the same plan, and stays as it is."""
    read = parse_plan(plan)
    again = parse_plan(read.text)
    assert again.text == read.text
    assert meaning(again) == meaning(read)
    # A measure also writes itself: from its own words the plan is the same once more.
    joined = "+".join(measure.text for measure in read.measures)
    assert meaning(parse_plan(joined)) == meaning(read)


def meaning(plan: Plan) -> list[tuple[str, Any]]:
    """Return what a plan says: its measures with everything that was read."""
    return [(measure.name, measure.given) for measure in plan.measures]


@given(first=st.integers(0, 8), more=st.integers(0, 8), step=st.integers(1, 4))
def test_a_range_stands_for_one_plan_each(first: int, more: int, step: int) -> None:
    """`defer:A..B/STEP` is read as the plans that it stands for, written one by one."""
    swept = parse_plans([f"defer:{first}..{first + more}/{step}+extend:6"])
    one_by_one = [f"defer:{n}+extend:6" for n in range(first, first + more + 1, step)]
    assert [plan.text for plan in swept] == one_by_one
    assert [plan.name for plan in swept] == one_by_one


# Determinism


@given(terms=loans(), several=st.lists(plans(most=2), min_size=2, max_size=4, unique=True))
@examples(100)
def test_same_answer_every_time(terms: dict[str, Any], several: list[str]) -> None:
    """The same question has the same answer, also beside other plans and in another order."""
    together = compare(rs.Loan.of(**terms), several).plans[1:]
    turned = compare(rs.Loan.of(**terms), several[::-1]).plans[:0:-1]
    alone = [line_of(rs.Loan.of(**terms), plan) for plan in several]
    assert [*map(answer, together)] == [*map(answer, turned)] == [*map(answer, alone)]


def answer(line: PlanResult) -> Any:
    """Return all that a line says."""
    if line.refused:
        return line.refused
    figures = (line.effective_rate, line.npv_loss, line.npv_loss_rate, line.notes, line.payment)
    return line.name, line.description, minor_rows(line.schedule), figures


@given(terms=loans(), plan=plans())
@examples(100)
def test_measures_change_no_loan(terms: dict[str, Any], plan: str) -> None:
    """A plan returns another loan: the loan that it was applied to stays as it was."""
    loan = Comparison(rs.Loan.of(**terms), []).loan
    before = repr(loan)
    try:
        parse_plan(plan).apply(loan)
    except rs.RestructureError:
        assume(False)
    assert repr(loan) == before
