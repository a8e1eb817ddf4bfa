"""The advice in words: the founding case, what binds, what would have to change, stress, flags."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from fractions import Fraction
from typing import Any

import pytest

import brute
from loans import founding
from restructure.advice import Advice, Limits, advise
from restructure.affordability import Household
from restructure.cli import main
from restructure.errors import InvalidValue, PlanSyntaxError, RestructureError, UnknownName
from restructure.family import default_offers, family_of
from restructure.money import Currency
from restructure.position import locate
from restructure.reasons import binds, changes, reason, roles, shock
from restructure.series import Series
from restructure.stress import Shock, outcome, shocks_of
from restructure.viability import flags

CNY = Currency.of("CNY")
LOAN = ["--principal", "50000", "--term", "12", "--rate", "14.4%"]


def capacity(text: str) -> Series:
    """Return a capacity in yuan."""
    return Series.of(text, "capacity", CNY)


def run(*words: str) -> tuple[int, str, str]:
    """Run the command line; return its exit code, standard output and standard error."""
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors), pytest.raises(SystemExit) as ended:
        main(list(words))
    code = ended.value.code
    return (code if isinstance(code, int) else 0), out.getvalue(), errors.getvalue()


def document(*words: str) -> dict[str, Any]:
    """Return the JSON document that a command prints."""
    return json.loads(run(*words, "--format", "json")[1])


FOUNDING = {
    # The issue: what the advice has to be; the words that a borrower has to read in the reason.
    "0x3,5000": ("defer:3", ["a pause of 3 months is enough", "nothing for 3 months"]),
    "1500x4,4600": (
        "reduce:1500,for=4+extend:3",
        ["a lower payment for 4 months and a longer term", "1,500.00 a month for 4 months"],
    ),
    "3000": ("reduce:3000", ["the instalment has to be lower over a longer term", "for good"]),
}


@pytest.mark.parametrize("text", FOUNDING)
def test_the_founding_case(text: str) -> None:
    """Each capacity gets the plan of the issue, that of brute force, in words."""
    plan, words = FOUNDING[text]
    loan, room = locate(founding()), capacity(text)
    found = advise(loan, room)
    assert found.cheapest is not None
    assert found.cheapest.plan.text == plan
    said = reason(found, found.cheapest)
    assert all(part in said for part in words), said
    assert said.count(". ") == 0, "one sentence"
    steps = [(step.start, step.amount) for step in room.steps]
    expected = brute.search(loan, steps, default_offers(loan, room), None, 0.01)
    assert {tuple(f.figures): f.plan.name for f in found.front} == expected.front
    assert found.cheapest.figures.total_paid == min(figures[0] for figures in expected.front)
    assert found.built * 10 <= expected.built


@pytest.mark.parametrize(
    ("text", "kind"),
    [("0x3,5000", "temporary"), ("3000", "permanent"), ("0x3,3000", "permanent"), ("5000", "none")],
)
def test_the_shock_is_read_from_the_capacity(text: str, kind: str) -> None:
    """Below the instalment for a while is temporary, for good is permanent."""
    assert shock(advise(founding(), capacity(text), ["extend:1..24"])) == kind


def test_a_loan_that_can_be_kept_needs_no_relief() -> None:
    """With 5,000 a month the cheapest plan is the loan as agreed, and the reason says so."""
    found = advise(founding(), capacity("5000"))
    assert found.cheapest is not None
    assert found.cheapest.plan.name == "as agreed"
    assert reason(found, found.cheapest).startswith("No relief is needed")
    assert roles(found, found.cheapest) == ["cheapest", "quickest"]
    # Another plan costs the lender a few cents less, by rounding, and its reason says so.
    assert found.lender is not None
    assert found.lender.figures.npv_loss < 0
    assert "which is only rounding" in reason(found, found.lender)


def test_concessions_only_when_offered() -> None:
    """By default no rate cut, waived interest, set-aside or forgiveness is searched."""
    loan = locate(founding())
    offers = " ".join(default_offers(loan, capacity("0x3,5000")))
    assert not any(word in offers for word in ("rate", "waive", "set-aside", "forgive"))
    found = advise(loan, capacity("0x3,5000"), ["defer:1..6", "rate:cut=1..4"])
    assert found.cheapest is not None
    assert "rate" in found.cheapest.plan.text


def test_the_lender_loses_at_most_what_is_allowed() -> None:
    """Three months later without interest is a loss of 1 - 1.012^-3, 3.52 %: above 1 %."""
    offers = ["defer:3,interest=waive"]
    assert not advise(founding(), capacity("0x3,5000"), offers).front
    found = advise(founding(), capacity("0x3,5000"), offers, Limits(npv_loss_rate=0.04))
    assert found.lender is not None
    assert round(found.lender.npv_loss_rate, 6) == round(1 - 1.012**-3, 6)
    assert binds(found, found.lender)[0] == "nothing can be paid in months 1-3"
    lines = changes(advise(founding(), capacity("0x3,5000"), offers))
    assert any("the lender to lose" in line and "at most 1 %" in line for line in lines)


def test_the_longest_term_binds() -> None:
    """A plan that uses the whole term allowed says so, and none is longer."""
    found = advise(founding(), capacity("3000"), ["extend:1..24"], Limits(longest_term=19))
    assert [plan.figures.periods for plan in found.front] == [19]
    assert "the longest term allowed, 19 months" in binds(found, found.front[0])


def test_at_most_seven_plans_are_shown_and_the_rest_counted() -> None:
    """The front of the founding case is longer than seven; best plans are always shown."""
    found = advise(founding(), capacity("0x3,5000"))
    assert len(found.shown) == 7
    assert found.rest == len(found.front) - 7 > 0
    assert found.cheapest in found.shown
    assert all(reason(found, plan).endswith(".") for plan in found.shown)


def test_more_than_one_measure_of_a_name() -> None:
    """At most one of each by default; two if asked: a pause of 3 from pauses of 1 and 2."""
    offers = ["defer:1..2", "extend:1..3"]
    assert family_of(offers).size == 3 * 4
    assert family_of(offers, at_most=2).size == 4 * 7
    assert not advise(founding(), capacity("0x3,5000"), offers).front
    found = advise(founding(), capacity("0x3,5000"), offers, at_most=2)
    assert found.cheapest is not None
    assert found.cheapest.plan.text == "defer:1+defer:2"


def test_nothing_fits() -> None:
    """Exit code 4, how near the nearest comes, and what would have to change."""
    code, out, errors = run("advise", *LOAN, "--capacity", "1200", "--offer", "extend:1..24")
    assert code == 4
    assert "no plan of those offered fits" in errors
    assert "With 518.67 more a month in months 1-36, extend:24 would fit." in out
    # 1,200 = 50,000 f / (1 - (1+f)^-n) at f = 1.2 %: n = 58.1, so 59 months, 47 more than 12.
    assert "A term longer by 47 months would do (extend:47)." in out


def test_no_term_is_long_enough() -> None:
    """Below the interest of 600 a month no term fits, and the answer says so."""
    for text in ("0", "100", "600"):
        found = advise(founding(), capacity(text))
        assert not found.front
        assert any("However long the term" in line for line in changes(found)), text


def test_a_pause_longer_than_those_offered() -> None:
    """Nothing for 8 months and 3,000 after: the interest is not what binds, a pause would do.

    50,000 x 1.012^8 = 55,006.11, and n = -ln(1 - 55,006.11 x 0.012 / 3,000) / ln(1.012) = 20.8.
    """
    found = advise(founding(), capacity("0x8,3000"))
    assert not found.front
    line = "A pause of 8 months and a term longer by 9 months would do (defer:8+extend:9)."
    assert line in changes(found)
    assert advise(founding(), capacity("0x8,3000"), ["defer:8", "extend:9"]).front
    assert not advise(founding(), capacity("0x8,3000"), ["defer:8", "extend:8"]).front


def test_the_others_are_measured_against_the_cheapest() -> None:
    """A dearer plan says for how much more it gives what: 2,620.84 - 1,966.88 = 653.96."""
    found = advise(founding(), capacity("0x3,5000"), ["defer:3", "extend:2"])
    said = [reason(found, plan) for plan in found.front]
    assert said[1].startswith(
        "For 653.96 more than defer:3, the highest instalment is 619.35 lower: nothing for 3 "
    )


def test_capacity_longer_than_the_plan() -> None:
    """Steps beyond the last row change nothing; the last amount holds for ever."""
    short = advise(founding(), capacity("0x3,5000"), ["defer:1..6"])
    long = advise(founding(), capacity("0x3,5000x500,1"), ["defer:1..6"])
    assert [plan.plan.text for plan in short.front] == [plan.plan.text for plan in long.front]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-5", "capacity: '-5' is negative; give 0 or more."),
        ("0x3,-1", "capacity: '-1' is negative"),
        ("0,5000", "capacity: '0' says no number of periods"),
        ("0x0,5000", "capacity: '0' is not a whole number of periods from 1"),
        ("0x1.5,5000", "capacity: '1.5' is not a whole number of periods"),
        ("", "capacity is empty"),
        ("much", "capacity: 'much' is not an amount such as 5000"),
        ("1.234", "has more decimals than CNY has"),
    ],
)
def test_errors_of_a_capacity(text: str, message: str) -> None:
    """A capacity that cannot be read names the part, what is allowed and what to write."""
    with pytest.raises(InvalidValue) as caught:
        capacity(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("offers", "message"),
    [
        (["defer:1+extend:2"], "joins measures; offer each for itself"),
        (["pause:1"], "there is no measure 'pause'"),
        (["extend:1..5000", "defer:1..5000"], "at most 2,000,000 are searched"),
    ],
)
def test_errors_of_offers(offers: list[str], message: str) -> None:
    """An offer is one measure of the grammar, and all of them are not too many."""
    with pytest.raises(PlanSyntaxError) as caught:
        family_of(offers)
    assert message in str(caught.value)


def test_a_capacity_is_needed() -> None:
    """Without a capacity and a household the command says how to give them (exit code 2)."""
    code, _, errors = run("advise", *LOAN)
    assert code == 2
    assert "--capacity 0x3,5000" in errors


def test_the_capacity_of_a_household() -> None:
    """3,000 for 4 months, then 8,000, less costs of 3,000: the capacity is 0x4,5000."""
    words = ["--income", "3000x4,8000", "--expense", "rent=2000", "--expense", "food=1000"]
    found = document("advise", *LOAN, *words)
    assert found["capacity"] == "0x4,5000"
    assert found["cheapest"] == "defer:4"


def test_the_document_agrees_with_compare() -> None:
    """The figures of the plans advised are those that `compare` shows."""
    advice = document("advise", *LOAN, "--capacity", "0x3,5000")
    plans = [line["plan"] for line in advice["plans"]]
    lines = document("compare", *LOAN, *(f"--plan={plan}" for plan in plans))["plans"][1:]
    for ours, theirs in zip(advice["plans"], lines, strict=True):
        assert {name: ours[name] for name in theirs} == theirs
    assert advice["built"] * 10 <= advice["combinations"]


@pytest.mark.parametrize("format", ["table", "markdown", "csv", "json", "jsonl"])
def test_every_format(format: str) -> None:
    """Every format names the plan, whether something fits or not."""
    for text, plan in (("0x3,5000", "defer:3"), ("100", "extend:24")):
        words = ["--capacity", text, "--stress", "income=-10%", "--format", format]
        code, out, _ = run("advise", *LOAN, *words)
        assert code == (0 if plan == "defer:3" else 4)
        assert plan in out


# -- stress -----------------------------------------------------------------------------


def the_pause(text: str = "0x3,5000") -> Advice:
    """Return the advice of the founding case with pauses only."""
    return advise(founding(), capacity(text), ["defer:1..6"])


def test_shocks_are_read() -> None:
    """income=-10%,-20% are two shocks, rate=+2% is one."""
    found = shocks_of(["income=-10%,-20%", "rate=+2%"])
    assert [(s.kind, s.by) for s in found] == [
        ("income", Fraction(-1, 10)),
        ("income", Fraction(-1, 5)),
        ("rate", Fraction(1, 50)),
    ]


@pytest.mark.parametrize("text", ["incom=-10%", "income", "rate=much", "income=-200%"])
def test_errors_of_shocks(text: str) -> None:
    """A shock that cannot be read names the text and what is allowed."""
    with pytest.raises((UnknownName, InvalidValue), match=r"income|rate"):
        shocks_of([text])


def test_a_lower_income_breaks_a_plan() -> None:
    """4,662.68 is within 5,000 less 5 % (4,750), and 162.68 above 5,000 less 10 %."""
    found = the_pause()
    plan = found.front[0]
    mild, hard = (outcome(found, plan, s, None, []) for s in shocks_of(["income=-5%,-10%"]))
    assert mild.survives
    assert (hard.survives, hard.excess, hard.period) == (False, 16268, 4)


def test_a_lower_income_of_a_household_falls_on_the_surplus() -> None:
    """8,000 less 10 % less 3,000 of costs leaves 4,200: 462.68 too little."""
    home = Household.of({"income": "3000x3,8000", "expenses": {"living": 3000}}, CNY)
    found = Advice(founding(), home.capacity(), family_of(["defer:1..6"]), Limits())
    plan = found.front[0]
    assert plan.plan.text == "defer:3"
    hard = outcome(found, plan, Shock("income", Fraction(-1, 10), ""), home, [])
    assert (hard.survives, hard.excess) == (False, 46268)


def test_a_higher_rate() -> None:
    """At 16.4 % a pause of 3 leaves 4,738.92 (12 instalments of 50,000 x 1.013667^3)."""
    found = the_pause("0x3,4700")
    (shock_,) = shocks_of(["rate=+2%"])
    hard = outcome(found, found.front[0], shock_, None, [])
    f = 0.164 / 12
    pay = 50_000 * (1 + f) ** 3 * f / (1 - (1 + f) ** -12)
    assert not hard.survives
    assert hard.excess is not None
    assert abs(hard.excess / 100 - (pay - 4700)) < 0.3


# -- viability --------------------------------------------------------------------------


def bad(advice: Advice, earlier: int = 0) -> list[str]:
    """Return the names of the flags of the cheapest plan that are not well."""
    assert advice.cheapest is not None
    return [flag.name for flag in flags(advice, advice.cheapest, earlier) if not flag.good]


def test_a_pause_for_a_temporary_shock_is_viable() -> None:
    """A pause of 3 months for a shock of 3 months: no flag, and every flag names its rule."""
    found = the_pause()
    assert bad(found) == []
    assert found.cheapest is not None
    assert all("EBA/GL" in flag.rule for flag in flags(found, found.cheapest))


def test_repeated_relief_is_flagged() -> None:
    """Relief given before is a sign to look at."""
    assert bad(the_pause(), earlier=1) == ["no repeated relief"]


def test_a_balloon_is_flagged() -> None:
    """A large sum at the end is a sign of unlikeliness to pay."""
    found = advise(founding(), capacity("4000x11,20000"), ["balloon:30%"])
    assert "no balloon" in bad(found)


def test_negative_amortisation_is_flagged() -> None:
    """Payments of 500 below the interest of 600 let the debt grow."""
    found = advise(founding(), capacity("500x3,9000"), ["reduce:500,for=3"])
    assert bad(found) == ["no negative amortisation"]


def test_a_longer_term_for_a_temporary_shock_is_flagged() -> None:
    """A longer term alone, where the shock lasts 3 months, does not fit the shock."""
    found = advise(founding(), capacity("3000x3,6000"), ["extend:1..24"])
    assert "measure fits the shock" in bad(found)


def test_a_pause_for_a_permanent_shock_is_flagged() -> None:
    """Short-term measures do not fit a capacity that stays below the instalment."""
    found = advise(founding(), capacity("0x12,4200"), ["defer:12", "interest-only:1"])
    if found.front:
        assert "measure fits the shock" in bad(found)
    found = advise(founding(paid=6), capacity("0x3,4490"), ["defer:1..3,pays=0,keep=payment"])
    assert shock(found) == "permanent"


def test_a_loss_above_one_per_cent_is_flagged() -> None:
    """Above 1 % the obligor is in default (EBA/GL/2016/07)."""
    found = advise(
        founding(), capacity("0x3,5000"), ["defer:3,interest=waive"], Limits(npv_loss_rate=0.04)
    )
    assert bad(found) == ["loss within 1 %"]


def test_errors_stay_errors_of_this_package() -> None:
    """Whatever is wrong with the options, the message is one line and the exit code 2 or 3."""
    for words in (
        ["--capacity", "5000", "--longest-term", "0"],
        ["--capacity", "5000", "--npv-loss-rate", "x"],
        ["--capacity", "5000", "--at-most", "9"],
        ["--capacity", "5000", "--stress", "weather=1%"],
        ["--capacity", "5000", "--expense", "rent"],
        ["--income", "5000", "--limit", "chin"],
        ["--income", "5000", "--basis", "nett"],
        ["--capacity", "5000", "--earlier-relief", "-1"],
    ):
        code, out, errors = run("advise", *LOAN, *words)
        assert code in (2, 3), words
        assert out == ""
        assert len([line for line in errors.splitlines() if line.startswith("Error")]) == 1
    assert issubclass(UnknownName, RestructureError)


def test_limits_that_no_plan_keeps_are_named():
    """Twelve instalments are left, so no plan ends within five: the limit is at fault."""
    found = advise(founding(), capacity("3000"), ["defer:1..6"], Limits(longest_term=5))
    assert not found.front
    assert changes(found) == [
        "Every plan offered passes the longest term or the largest loss allowed."
    ]
