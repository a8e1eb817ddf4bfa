"""Figures that banks, regulators, textbooks and calculators publish, each with its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import restructure as rs
from conformance import Case, Source, Unsupported, figures_compared
from restructure.affordability import Household
from restructure.comparison import PlanResult
from restructure.lender import lender_figures
from restructure.limits import limit_of
from restructure.metrics import period_rate
from restructure.programmes import load, run
from restructure.quantity import Quantity
from restructure.solutions import solve

CONVENTION = """\
Each figure is compared within the tolerance that its case states, which is half a unit of the
last digit published, or what the source itself rounds away. Figures that a case gives besides,
and that we do not work out, keep it among those not met; the others are checked all the same.

| published | here |
|---|---|
| payment holiday, interest by days, then the same end date (Ulster Bank, Barclays) | \
`defer:3,interest=simple,keep=maturity` on a loan with dates and equal periods: interest of the \
pause by actual days over 365 |
| half of the instalment paid | `pays=50%` |
| pause with monthly compounding, same end or the term moved (Macquarie, emi-calc) | `defer:N`, \
`keep=maturity` or count |
| pause with simple interest, the instalment kept (Proloans), capitalised (SBI) | \
`interest=simple,keep=payment`; `keep=payment` |
| US Rule, skipped months (SCE) | `unpaid_interest = us-rule`, `skip_months` |
| principal plus interest (SCE) | equal-principal with `principal_parts`; the last takes the rest |
| interest capitalised every quarter (curo) | `capitalise_every = 3` |
| instalments in given proportions (curo) | `step:...,of=regular` |
| missed instalments to the end at 0 % (Fannie Mae) | `arrears:set-aside` |
| arrears, advances into the balance (Flex Modification, HAMP) | `arrears:capitalise,\
penalty=capitalise`; the principal that a payment repays is `solve` |
| ten-percent test, diminished obligation | the lender's figures |
| flat fee a month (等本等息) | `method = flat` |
| a share of income, less escrow, as instalment (HAMP) | a limit of affordability; `solve`; \
`set-aside` |
| Flex Modification | the shipped programme, with its caps |
| odd first period by actual days beside months (SCE) | `odd_first = actual` |

Of Ulster Bank's loan break (`ulster_ni_loan_10000`) the instalment and the number of payments
are compared. Its last payment and its interest follow from an accrual in the break that the bank
does not publish (764.57 for six months; 795.00 would be simple, 821.80 compound), so that no rule
gives them: the case file keeps them apart.
"""

Figures = dict[str, Any]


def months(**values: Any) -> dict[str, Any]:
    """Return values of a monthly loan in pounds with dates and equal periods."""
    return {"currency": "GBP", "day_count": "equal", "every": "month", **values}


def plans(values: Mapping[str, Any], *texts: str) -> list[PlanResult]:
    """Return as agreed and the plans."""
    return rs.compare(rs.Loan.of(**values), texts).plans


def holiday(case: Case) -> Figures:
    """Payment holiday: nothing, or half, is paid; then the same end date.

    No day is published. Ulster Bank's figures are those of three months with 92 days, Barclays'
    of 91.
    """
    given = case["inputs"]
    days_92 = case["id"].startswith("ulster")
    rows = given.get("holiday_months") or given["pause_months"]
    loan = months(
        principal=given["balance"],
        term=given["remaining_months"],
        rate=given["annual_rate"] * 100,
        start="2020-05-01" if days_92 else "2020-04-01",
    )
    pause = f"defer:{rows},interest=simple,keep=maturity"
    agreed, full, half = plans(loan, pause, f"{pause},pays=50%")
    return {
        "payment_before": agreed.payment,
        "payment_after_full": full.payment,
        "payment_after_half": half.payment,
    }


def macquarie(case: Case) -> Figures:
    """Pause of six months with compound interest, same end date."""
    given = case["inputs"]
    loan = months(principal=given["balance"], term=given["remaining_months"], rate=3.5)
    agreed, paused = plans(loan, f"defer:{given['pause_months']},keep=maturity")
    accrued = sum(paused.schedule.interest[: given["pause_months"]])
    return {
        "interest_accrued": paused.schedule.loan.currency.decimal(accrued),
        "instalment_increase": paused.payment - agreed.payment,
    }


def emicalc(case: Case) -> Figures:
    """Pause with compound interest, then as many instalments as before."""
    given = case["inputs"]
    loan = months(principal=given["balance"], term=given["remaining_months"], rate=10, decimals=8)
    agreed, paused = plans(loan, f"defer:{given['pause_months']}")
    return {
        "emi_before": agreed.payment,
        "emi_after": paused.payment,
        "interest_before": agreed.total_interest,
        "interest_after": paused.total_interest,
        "interest_diff": paused.total_interest - agreed.total_interest,
    }


def proloans(case: Case) -> Figures:
    """Pause with simple interest, the instalment kept, from the balance that the source rounds.

    It counts the last instalment as a fraction of one, to two digits, and works on with that.
    """
    given, expected = case["inputs"], case["expected"]
    loan = months(principal=given["original"], term=given["term"], rate=10)
    whole = plans(loan)[0]
    rest = months(outstanding=expected["balance"], payment=expected["emi"], rate=10)
    pause = f"defer:{given['pause_months']},interest=simple,keep=payment"
    paused = plans(rest, pause)[1]
    rows = paused.schedule
    money = rows.loan.currency.decimal
    after = paused.periods - given["pause_months"]
    residual = round(after - 1 + paused.last_payment / expected["emi"], 2)
    return {
        "emi": whole.payment,
        "interest_total": whole.total_interest,
        "balance": money(whole.schedule.closing[given["paid"] - 1]),
        "pause_interest": money(sum(rows.interest[: given["pause_months"]])),
        "balance_after": money(rows.closing[given["pause_months"] - 1]),
        "residual_months": residual,
        "extra_cost": (residual - given["term"] + given["paid"]) * expected["emi"],
    }


def sbi(case: Case) -> Figures:
    """Pause with compound interest, the instalment kept: the source gives no rate."""
    home = months(principal=3_000_000, term=180, rate=8.5)
    auto = months(principal=600_000, term=54, rate=8.5)
    _, house = plans(home, "defer:3,keep=payment")
    _, car = plans(auto, "defer:3,keep=payment")
    return {
        "home3_extra": house.extra_cost,
        "home3_emis": house.extra_periods - 3,
        "auto3_extra": car.extra_cost,
    }


def ulster_ni(case: Case) -> Figures:
    """Break of six months, the instalment kept, more of them at the end."""
    loan = months(principal=10_000, term=48, rate=15.9)
    agreed, broken = plans(loan, "defer:6,keep=payment")
    return {"instalment": agreed.payment, "extra_payments_incl_missed": broken.extra_periods}


def ten_percent(case: Case) -> Figures:
    """Ten-percent test of an interest-only loan whose rate is cut."""
    given = case["inputs"]
    carrying = given["carrying"]
    loan = months(
        principal=carrying,
        term=given["remaining_months"],
        rate="7%",
        method="interest-only",
        decimals=0,
    )
    new = given["new_monthly_interest"] * 12 / carrying * 100
    figures = lender_figures(plans(loan, f"rate:{new}%")[1])
    return {
        "pv": figures.present_value,
        "substantial": figures.substantial,
        "diff_percent": figures.ten_percent * 100,
    }


def icaew(case: Case) -> Figures:
    """Ten-percent test of a bond-like loan whose coupon and term rise, with a fee."""
    given = case["inputs"]
    new = given["new"]
    loan = {
        "principal": given["principal"],
        "term": given["years"],
        "rate": given["coupon"] / given["principal"] * 100,
        "method": "interest-only",
        "every": "year",
        "currency": "GBP",
        "fee": given["fee"],
        "paid": given["modified_after_years"],
    }
    added = new["years"] - given["years"] + given["modified_after_years"]
    line = plans(loan, f"extend:{added}+rate:{new['coupon'] / given['principal'] * 100}%")[1]
    figures = lender_figures(line, Decimal(new["fee"]))
    eir = line.comparison.original_effective_rate
    assert eir is not None
    lent = given["principal"] - given["fee"]
    return {
        "eir_percent": eir * 100,
        "year1_interest": lent * eir,
        "carrying": figures.agreed_value,
        "pv_excl_fee": figures.present_value,
        "pv_incl_fee": figures.present_value + new["fee"],
        "substantial": figures.substantial,
    }


def zeb(case: Case) -> Figures:
    """Diminished obligation of flows that come two years later without interest."""
    loan = {"principal": 100_000, "term": 5, "rate": 5, "every": "year", "currency": "EUR"}
    line = plans(loan, f"defer:{case['inputs']['shift_years']},interest=waive")[1]
    loss = lender_figures(line).npv_loss_rate * 100
    low, high = case["expected"]["do_percent_low"], case["expected"]["do_percent_high"]
    return {"do_percent_low": min(low, loss), "do_percent_high": max(high, loss)}


def fha(case: Case) -> Figures:
    """A share of income, less escrow, is the instalment; what it does not repay is set aside."""
    given = case["inputs"]
    income, escrow, upb = given["gross_income"], given["escrow"], given["upb"]
    loan = rs.Loan.of(outstanding=upb, remaining=given["new_term"], rate=6, currency="USD")
    housing = Household.of({"income": str(income), "basis": "gross"}, loan.currency)
    limit = limit_of(f"payment={given['front_end_target'] * 100}%")
    target = loan.currency.decimal(int(housing.capacity([limit]).at(1)))
    balance = repaid_by(target - escrow, given["new_term"], given["new_rate"] * 100)
    aside = upb - balance
    values = {"outstanding": upb, "remaining": given["new_term"], "rate": 6, "currency": "USD"}
    late = values | {"overdue_interest": given["arrears"]}
    line = plans(late, f"arrears:set-aside+set-aside:{aside}")[1]
    rows = line.schedule
    claim = rows.loan.currency.decimal(rows.payment[-1] - rows.payment[-2] - rows.residue)
    cap = Quantity.of(f"{given['partial_claim_cap'] * 100}%", "cap")
    money = loan.currency.decimal
    return {
        "target_payment": target,
        "target_pi": line.payment,
        "new_interest_bearing_balance": balance,
        "principal_deferment": aside,
        "max_principal_deferment": money(cap.of_whole(loan, loan.balance, "cap"))
        - given["arrears"],
        "total_partial_claim": claim,
        "back_end_percent": (line.payment + escrow + given["other_debt"]) / Decimal(income) * 100,
    }


def repaid_by(payment: Any, term: int, rate: float) -> Decimal:
    """Return the principal that a payment repays, solved at six decimals, in cents."""
    found = solve({"payment": payment, "term": term, "rate": rate, "decimals": 6}).answers[0].loan
    return round(found.currency.decimal(found.principal), 2)


def hamp(case: Case) -> Figures:
    """Arrears are capitalised."""
    given = case["inputs"]
    loan = {"outstanding": given["upb"], "remaining": 360, "rate": 6}
    line = plans(loan | {"overdue_interest": given["arrears"]}, "arrears:capitalise")[1]
    return {"new_upb": line.schedule.loan.currency.decimal(line.schedule.loan.bearing)}


def flex(case: Case) -> Figures:
    """The shipped programme on the unpaid balance, with what is overdue and advanced."""
    given, expected = case["inputs"], case["expected"]
    loan = rs.Loan.of(
        outstanding=given["interest_bearing_upb"],
        remaining=given["remaining_months"],
        rate=given["contract_rate_percent"],
        payment=given["pre_mod_pi"],
        overdue_interest=given["accrued_interest"],
        currency="USD",
    )
    facts = [f"{name}={given[name]}" for name in ("escrow_advances", "servicing_advances")]
    facts.append(f"property_value={given['property_value']}")
    facts.append(f"modification_rate={given['modification_interest_rate_percent']}%")
    found = run(load("flex-modification"), loan, facts)
    gross, _, longer, aside = found.done
    money = loan.currency.decimal
    caps = caps_of(aside.words)
    figures = {
        "gross_balance": money(gross.loan.balance),
        "mtmltv_percent": round((gross.ratio or 0) * 100, 2),
        "rate_percent": aside.loan.rate * 100,
        "term": aside.loan.count,
        "target_pi": money(found.target or 0),
        "pi_after_term_extension": money(longer.instalment),
        "cap_a_target": caps["target"],
        "cap_b_50_ltv": caps["value"],
        "cap_c_30pct": caps["cap"],
        "forborne": money(aside.loan.set_aside),
        "interest_bearing": money(aside.loan.balance),
        "new_pi": money(aside.instalment),
        "reduction_percent": (1 - money(aside.instalment) / Decimal(str(given["pre_mod_pi"])))
        * 100,
    }
    figures["reduction_percent"] = round(figures["reduction_percent"], 4)
    return {name: figure for name, figure in figures.items() if name in expected}


def caps_of(words: str) -> dict[str, Decimal]:
    """Return the caps that a step says it has taken the least of."""
    found = re.findall(r"(cap|value|target) ([\d,]+\.\d\d)", words)
    return {name: Decimal(amount.replace(",", "")) for name, amount in found}


def flex_half(case: Case) -> Figures:
    """The same programme where half of the value binds: the other caps lie above it.

    600,000 over 480 months at 2 %, whose target is above what half of the value leaves.
    """
    given = case["inputs"]
    loan = rs.Loan.of(outstanding=given["modified_balance"], remaining=480, rate=2, currency="USD")
    facts = [f"property_value={given['value']}", "modification_rate=7%"]
    found = run(load("flex-modification"), loan, facts)
    aside = found.done[-1]
    money = loan.currency.decimal
    return {
        "mtmltv_percent": round((aside.ratio or 0) * 100, 2),
        "max_deferred": caps_of(aside.words)["value"],
        "interest_bearing": money(aside.loan.balance),
    }


def flex_inputs(case: Case) -> Figures:
    """The balance after 51 instalments, and eight months of simple interest on it."""
    given = case["inputs"]
    loan = {
        "principal": given["principal"],
        "term": given["term"],
        "rate": given["rate_percent"],
        "paid": given["paid"],
        "currency": "USD",
    }
    agreed, paused = plans(loan, f"defer:{given['months_delinquent']},interest=simple")
    interest = paused.schedule.interest
    money = paused.schedule.loan.currency.decimal
    return {
        "instalment": agreed.payment,
        "balance_51": money(agreed.schedule.opening[0]),
        "monthly_interest": money(interest[0]),
        "accrued_8_months": money(sum(interest[: given["months_delinquent"]])),
    }


def payment_deferral(case: Case) -> Figures:
    """Missed instalments and advances become due at the end, at 0 %."""
    given = case["inputs"]
    loan = {
        "principal": 250_000,
        "term": 360,
        "rate": 6.5,
        "payment": given["pi"],
        "paid": 51,
        "missed": given["months_deferred"],
        "fees": given["escrow_advances"],
        "penalty_rate": "0x",
        "currency": "USD",
    }
    agreed, deferred = plans(loan, "arrears:set-aside,penalty=set-aside")
    return {"deferred_principal": deferred.last_payment - agreed.last_payment}


def overdue(case: Case) -> Figures:
    """What is overdue after one and two missed instalments."""
    given = case["inputs"]
    loan = {"principal": given["loan"], "term": 12, "rate": 0, "paid": 6}
    return {
        name: rs.compare(rs.Loan.of(**loan, missed=missed), []).plans[0].arrears
        for name, missed in (("single_overdue_nov", 1), ("single_overdue_dec", 2))
    }


def cure(case: Case) -> Figures:
    """What must be paid on the third due date after two missed instalments."""
    missed = int(case["inputs"]["arrears"] / case["inputs"]["instalment"]) + 1
    loan = {"principal": 12 * case["inputs"]["instalment"], "term": 12, "rate": 0, "missed": missed}
    return {"pay_to_cure": rs.compare(rs.Loan.of(**loan), []).plans[0].arrears}


def flat_fee(case: Case) -> Figures:
    """The nominal yield of a flat fee a month."""
    given = case["inputs"]
    loan = rs.Loan.of(
        principal=given["principal"],
        term=given["periods"],
        rate=f"{given['fee_per_period'] * 100}%/month",
        method="flat",
    )
    effective = rs.compare(loan, []).plans[0].effective_rate
    assert effective is not None
    return {"nominal_irr_percent": period_rate(effective, 12) * 12 * 100}


def daily_rate(case: Case) -> Figures:
    """A rate a day over a year of 365 days."""
    rate = f"{case['inputs']['daily'] * 100}%/day"
    loan = rs.Loan.of(principal=1, term=1, rate=rate, start="2026-01-01", day_count="act/365f")
    return {"annual_percent": float(loan.rate) * 100}


def nfcc(case: Case) -> Figures:
    """The rate at which a share of the balance repays it in 60 months."""
    given = case["inputs"]
    percent = given["payment_percent_of_balance"]
    found = solve({"principal": 10_000, "term": given["months"], "payment": percent * 100})
    return {"implied_apr_percent": float(found.answers[0].loan.rate) * 100}


def curo_level(case: Case) -> Figures:
    """A level loan."""
    given = case["inputs"]
    loan = {"principal": given["principal"], "term": given["n"], "rate": given["rate"] * 100}
    line = plans(loan)[0]
    money = line.schedule.loan.currency.decimal
    return {
        "instalment": line.payment,
        "interest_1": money(line.schedule.interest[0]),
        "balance_1": money(line.schedule.closing[0]),
        "balance_5": money(line.schedule.closing[4]),
        "interest_6": money(line.schedule.interest[5]),
    }


def curo_quarterly(case: Case) -> Figures:
    """Interest accrues simply and is capitalised every three months."""
    given = case["inputs"]
    loan = {"principal": given["principal"], "term": given["n"], "rate": given["rate"] * 100}
    return {"instalment": plans(loan | {"capitalise_every": 3})[0].payment}


def curo_weights(case: Case) -> Figures:
    """Instalments in given proportions: the last weight is the regular instalment."""
    weights = case["inputs"]["weights"]
    steps = [(weight / weights[-1], weights.count(weight)) for weight in dict.fromkeys(weights)]
    text = "/".join(f"{share * 100:.10g}%x{count}" for share, count in steps[:-1])
    loan = {"principal": case["inputs"]["principal"], "term": len(weights), "rate": 7}
    line = plans(loan, f"step:{text},of=regular")[1]
    paid = [row.payment for row in line.schedule.rows]
    return {"instalment_full_weight": paid[0], "step2": paid[4], "step3": paid[8]}


def sce(case: Case) -> dict[str, Any]:
    """Return the values that all loans of the SCE manual share."""
    given = case["inputs"]
    return {
        "principal": given["principal"],
        "rate": given["rate"] * 100,
        "start": given["loan_date"],
        "first_due": given.get("first_payment") or given["due"],
        "term": given.get("n", 1),
        "day_count": "act/365f",
        "currency": "USD",
    }


def by_year(line: PlanResult, year: int) -> Decimal:
    """Return the interest that falls due in a year."""
    money = line.schedule.loan.currency.decimal
    due = zip(line.schedule.due_dates(), line.schedule.interest, strict=True)
    return money(sum(interest for day, interest in due if day is not None and day.year == year))


def sce_principal(case: Case) -> Figures:
    """A part of principal with the interest; the last one pays the rest."""
    part = case["inputs"]["principal_per_payment"]
    values = sce(case) | {"method": "equal-principal", "principal_parts": part}
    line = plans(values)[0]
    money = line.schedule.loan.currency.decimal
    return {
        "payment_1": money(line.schedule.payment[0]),
        "payment_2": money(line.schedule.payment[1]),
        "final": line.last_payment,
        "interest_total": line.total_interest,
        "interest_2022": by_year(line, 2022),
    }


def sce_skips(case: Case) -> Figures:
    """Months without an instalment under the US Rule: interest waits and bears none.

    The source lets its last instalment be the level one and prints the residue; ours takes it.
    It shows waiting interest unrounded.
    """
    skipped = ",".join(str(month) for month in case["inputs"]["skipped_months"])
    values = sce(case) | {"skip_months": skipped, "unpaid_interest": "us-rule"}
    line = plans(values)[0]
    rows = {str(row.due)[:7]: row for row in line.schedule.rows}
    june, september = rows["2023-06"], rows["2023-09"]
    pause = values | {"outstanding": june.opening, "remaining": 52, "decimals": 8}
    pause |= {"start": "2023-05-01", "first_due": "2023-06-01"}
    paused = plans(
        {k: pause[k] for k in pause if k not in ("principal", "term")}, "defer:3,interest=simple"
    )[1].schedule
    waits = {
        f"unpaid_interest_2023_{month:02}": round(
            paused.loan.currency.decimal(owed) - june.opening, 4
        )
        for month, owed in zip((6, 7, 8), paused.closing, strict=False)
    }
    residue = line.last_payment - line.payment
    years = {f"interest_{year}": by_year(line, year) for year in range(2022, 2028)}
    figures = {
        "instalment": line.payment,
        "balance_during_skip": june.opening,
        "balance_2023_09": september.closing,
        "interest_2023_09": line.payment - june.opening + september.closing,
        "interest_total_table": line.total_interest,
        "final_balance": residue,
        "total_paid": line.total_paid - residue,
        **waits,
        **years,
    }
    return {name: figures[name] for name in case["expected"] if name in figures}


def sce_single(case: Case) -> Figures:
    """One payment, interest by days over 365."""
    line = plans(sce(case))[0]
    return {"payment": line.last_payment, "interest": line.total_interest}


def sce_interest_only(case: Case) -> Figures:
    """Interest alone, then all principal; the long first period by actual days over 360."""
    values = sce(case) | {"method": "interest-only", "day_count": "30/360", "odd_first": "actual"}
    line = plans(values)[0]
    return {
        "first": line.schedule.loan.currency.decimal(line.schedule.payment[0]),
        "regular": line.payment,
        "final": line.last_payment,
        "total": line.total_paid,
        "interest_total": line.total_interest,
    }


def nothing(case: Case) -> Figures:
    """No figure that we work out."""
    return {}


ADAPTERS: dict[str, Callable[[Case], Figures]] = {
    "deferral_capitalise_respread": holiday,
    "deferral_extend_term_same_n": emicalc,
    "deferral_extend_term_simple_interest": proloans,
    "eba_diminished_obligation": zeb,
    "principal_forbearance_target_dti": fha,
    "principal_forbearance_ltv_floor": flex_half,
    "capitalise_arrears": hamp,
    "flex_modification_waterfall": flex,
    "annuity_balance": flex_inputs,
    "arrears_deferred_to_end_0pct": payment_deferral,
    "overdue_amount_cumulative": overdue,
    "arrears_cure": cure,
    "flat_fee_to_irr": flat_fee,
    "daily_rate_annualise": daily_rate,
    "dmp_payment": nfcc,
    "annuity_schedule": curo_level,
    "annuity_quarterly_capitalisation": curo_quarterly,
    "step_instalments": curo_weights,
    "equal_principal_with_balloon": sce_principal,
    "payment_holiday_us_rule_no_capitalisation": sce_skips,
    "interest_only_then_bullet": sce_interest_only,
    "single_payment_act365": sce_single,
}
BY_ID: dict[str, Callable[[Case], Figures]] = {
    "macquarie_pause_400k": macquarie,
    "sbi_moratorium": sbi,
    "ulster_ni_loan_10000": ulster_ni,
    "kpmg_au_10pct_5pct": ten_percent,
    "icaew_frs102_ex1": icaew,
}


def difference(case: Case) -> str:
    """Return the first figure that differs, or which ones we do not give; "" if all agree."""
    adapter = BY_ID.get(case["id"]) or ADAPTERS.get(case["kind"], nothing)
    found, missing = figures_compared(adapter(case), case["expected"], case["tol"])
    if found:
        return found
    if missing:
        raise Unsupported(f"{NOT_GIVEN}{', '.join(missing)}")
    return ""


NOT_GIVEN = "not worked out: "

NOT_MET = {
    "cn_fee_rule_of_thumb": "out of scope: a rule of thumb for a yield, with no schedule (not "
    "worked out)",
}

SOURCE = Source("Published figures", "published", CONVENTION, difference, NOT_MET)
