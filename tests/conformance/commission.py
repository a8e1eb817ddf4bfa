"""The schedules behind the European Commission's APRC examples: instalments and balances."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import restructure as rs
from conformance import Case, Source, Unsupported, figures_compared
from restructure.comparison import PlanResult

CONVENTION = """\
The Commission's paper works with unrounded schedules of equal months and rounds what it prints:
`decimals = 8` where it does not round the instalment. A broken first period is `day_count =
equal`, which counts whole months back from the first due date and the days left over the days of
the year that ends with them. The APRCs of the same examples are tested with the yields; these
cases are the same ones and are not counted a second time.
"""

Figures = dict[str, Any]


def line_of(case: Case, *plan: str, **values: Any) -> PlanResult:
    """Return as agreed, or the plan, of a loan of 240 months."""
    given = case["inputs"]
    loan = {
        "principal": given["credit"],
        "term": given.get("term_months", 240),
        "rate": given.get("nominal_rate", 0.06) * 100,
        "currency": "EUR",
        **values,
    }
    return rs.compare(rs.Loan.of(**loan), list(plan)).plans[-1]


def annuity(case: Case) -> Figures:
    """A level loan: its rounded instalment, and the exact schedule."""
    paid = line_of(case)
    exact = line_of(case, decimals=8)
    money = exact.schedule.loan.currency.decimal
    columns, credit, cost = exact.schedule, case["inputs"]["credit"], case["inputs"]["upfront_cost"]
    figures = {
        "instalment": paid.payment,
        "total_cost": paid.payment * len(columns) - credit + cost,
        "interest_total_unrounded_schedule": exact.total_interest,
        "balance_after_12": money(columns.closing[11]),
        "balance_60": money(columns.closing[59]),
        "principal_year1": money(sum(columns.principal[:12])),
        "interest_year1": money(sum(columns.interest[:12])),
    }
    return {name: figures[name] for name in case["expected"]}


def broken(case: Case) -> Figures:
    """A broken first period: whole periods and the odd days, at simple interest."""
    given = case["inputs"]
    if "annual_payments" in given:
        rhythm = {"every": "year", "term": given["annual_payments"], "first_due": given["first"]}
    else:
        rhythm = {"due_day": given["payment_day"]}
    return {"instalment": line_of(case, start=given["signed"], day_count="equal", **rhythm).payment}


def balloon(case: Case) -> Figures:
    """The instalment of a longer loan; the balance falls due earlier."""
    given = case["inputs"]
    instalment = line_of(case, term=given["amortisation_months"]).payment
    payment = line_of(case, term=given["amortisation_months"], decimals=8).payment
    exact = line_of(case, term=given["balloon_month"], payment=payment, decimals=8)
    return {"instalment": instalment, "balloon": exact.last_payment - payment}


def stepped(case: Case) -> Figures:
    """Instalments that change by -3 % a year: each step in % of the last, which is regular."""
    steps = "/".join(f"{100 / 0.97 ** (19 - year):.20g}%x12" for year in range(19))
    line = line_of(case, f"step:{steps},of=regular", decimals=8)
    paid = line.schedule.payment
    money = line.schedule.loan.currency.decimal
    return {"first_instalment": money(paid[0]), "last_instalment": money(paid[-12])}


def fixed_payment(case: Case) -> Figures:
    """A payment for as long as it takes."""
    line = line_of(case, "reduce:1500", decimals=6)
    return {"n_payments": line.instalments, "last_payment": line.last_payment}


def fixed_principal(case: Case) -> Figures:
    """A part of principal, with the interest on top."""
    values = {"method": "equal-principal", "principal_parts": 900, "decimals": 6}
    line = line_of(case, term=223, **values)
    return {"n_payments": line.instalments, "last_payment": line.last_payment}


def equal_principal(case: Case) -> Figures:
    """Equal parts of principal."""
    line = line_of(case, method="equal-principal", decimals=6)
    cost = line.total_paid - case["inputs"]["credit"] + case["inputs"]["upfront_cost"]
    return {
        "n_payments": line.instalments,
        "first_payment": line.first_payment,
        "last_payment": line.last_payment,
        "total_cost": cost,
    }


def two_rates(case: Case) -> Figures:
    """A rate for a while, then another: worked out anew at the change."""
    (months, first), (rest, second) = case["inputs"]["rates"]
    plan = f"rate:{first * 100}%,for={months}"
    schedule = line_of(case, plan, term=months + rest, rate=second * 100).schedule
    money = schedule.loan.currency.decimal
    figures = {
        "instalment1": money(schedule.payment[0]),
        "instalment2": money(schedule.payment[months]),
    }
    return {name: figures[name] for name in case["expected"]}


def capitalised(case: Case) -> Figures:
    """Interest joins the debt every month, and all of it falls due at the end."""
    months = case["inputs"]["months"]
    values = {"term": months, "method": "interest-only", "decimals": 8}
    return {
        "final_payment": line_of(case, f"defer:{months - 1},keep=maturity", **values).last_payment
    }


def nothing(case: Case) -> Figures:
    """No figure that we work out."""
    return {}


ADAPTERS: dict[str, Callable[[Case], Figures]] = {
    "ec_aprc_ex1": annuity,
    "ec_aprc_ex2_case2": broken,
    "ec_aprc_ex2_case3": broken,
    "ec_aprc_ex7": balloon,
    "ec_aprc_ex10": stepped,
    "ec_aprc_ex11": fixed_payment,
    "ec_aprc_ex12": fixed_principal,
    "ec_aprc_ex13": equal_principal,
    "ec_aprc_ex20": two_rates,
    "ec_aprc_ex21_illustrative": two_rates,
    "ec_aprc_ex23_illustrative": two_rates,
    "ec_aprc_ex24_illustrative": annuity,
    "ec_aprc_ex27": annuity,
    "ec_aprc_ex40": capitalised,
}


def difference(case: Case) -> str:
    """Return the first figure that differs, or which ones we do not give; "" if all agree."""
    ours = ADAPTERS.get(case["id"], nothing)(case)
    found, missing = figures_compared(ours, case["expected"], case["tol"])
    if found:
        return found
    if missing:
        raise Unsupported(f"not worked out: {', '.join(missing)}")
    return ""


SHARE = (
    "out of scope: a payment that is a share of the balance, as of a credit card (not worked out)"
)

NOT_MET = {
    "ec_aprc_ex14": SHARE,
    "ec_aprc_ex15": SHARE,
}

SOURCE = Source("European Commission", "ec_schedules", CONVENTION, difference, NOT_MET)
