"""Measures: every one with every value of every key, what they say, and how they compose.

The payments in the tables were worked out with the independent model of `reference/`; a test
holds the two together, and another the engine to the tables. DUE is the founding loan, LATE the
same with four instalments paid and two missed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction as F
from itertools import groupby
from typing import Any

import pytest

import restructure as rs
from loans import amounts, founding, line_of, minor_rows, payments, refusal_of, schedule_of
from reference.model import (
    Amount,
    Arrears,
    Balloon,
    CutRate,
    Defer,
    Extend,
    Extra,
    Forgive,
    InterestOnly,
    LoanSpec,
    MeasureSpec,
    NewRate,
    Percent,
    Reduce,
    Refused,
    SetAside,
    Step,
    reference,
)
from restructure.errors import PlanSyntaxError
from restructure.measures import Measure, measure_type, names, parse_plan, parse_plans
from restructure.measures._spec import MOST
from restructure.position import locate

DUE = LoanSpec(5_000_000, 12, F(144, 1000))
LATE = LoanSpec(5_000_000, 12, F(144, 1000), paid=4, missed=2)

Row = tuple[str, LoanSpec, tuple[MeasureSpec, ...], list[tuple[int, str]]]


def yuan(amount: int) -> Amount:
    """Return an amount of the model."""
    return Amount(F(amount) * 100)


def percent(part: int) -> Percent:
    """Return a percentage of the model."""
    return Percent(F(part, 100))


EACH: list[Row] = [
    ("defer:3", DUE, (Defer(3),),
     [(3, "0.00"), (11, "4662.68"), (1, "4662.66")]),
    ("defer:3,interest=capitalise", DUE, (Defer(3),),
     [(3, "0.00"), (11, "4662.68"), (1, "4662.66")]),
    ("defer:3,interest=simple", DUE, (Defer(3, "simple"),),
     [(3, "0.00"), (11, "4660.73"), (1, "4660.71")]),
    ("defer:3,interest=spread", DUE, (Defer(3, "spread"),),
     [(3, "0.00"), (11, "4648.77"), (1, "4648.79")]),
    ("defer:3,interest=first", DUE, (Defer(3, "first"),),
     [(3, "0.00"), (1, "6298.77"), (10, "4498.77"), (1, "4498.79")]),
    ("defer:3,interest=end", DUE, (Defer(3, "end"),),
     [(3, "0.00"), (11, "4498.77"), (1, "6298.79")]),
    ("defer:3,interest=waive", DUE, (Defer(3, "waive"),),
     [(3, "0.00"), (11, "4498.77"), (1, "4498.79")]),
    ("defer:3,interest=pay", DUE, (Defer(3, "pay"),),
     [(3, "600.00"), (11, "4498.77"), (1, "4498.79")]),
    ("defer:3,keep=count", DUE, (Defer(3, keep="count"),),
     [(3, "0.00"), (11, "4662.68"), (1, "4662.66")]),
    ("defer:3,keep=maturity", DUE, (Defer(3, keep="maturity"),),
     [(3, "0.00"), (8, "6108.94"), (1, "6108.93")]),
    ("defer:3,keep=payment", DUE, (Defer(3, keep="payment"),),
     [(3, "0.00"), (12, "4498.77"), (1, "2127.28")]),
    ("defer:3,pays=1000", DUE, (Defer(3, pays=yuan(1000)),),
     [(3, "1000.00"), (12, "4389.50")]),
    ("defer:3,pays=25%", DUE, (Defer(3, pays=percent(25)),),
     [(3, "1124.69"), (11, "4355.44"), (1, "4355.42")]),
    ("defer:3,pays=400", DUE, (Defer(3, pays=yuan(400)),),
     [(3, "400.00"), (11, "4553.41"), (1, "4553.38")]),
    ("defer:3,pays=1000,interest=simple", DUE, (Defer(3, "simple", yuan(1000)),),
     [(3, "1000.00"), (12, "4389.50")]),
    ("defer:3,pays=400,interest=simple", DUE, (Defer(3, "simple", yuan(400)),),
     [(3, "400.00"), (11, "4552.76"), (1, "4552.72")]),
    ("defer:3,pays=400,interest=spread", DUE, (Defer(3, "spread", yuan(400)),),
     [(3, "400.00"), (11, "4548.77"), (1, "4548.79")]),
    ("defer:3,pays=400,interest=first", DUE, (Defer(3, "first", yuan(400)),),
     [(3, "400.00"), (1, "5098.77"), (10, "4498.77"), (1, "4498.79")]),
    ("defer:3,pays=400,interest=end", DUE, (Defer(3, "end", yuan(400)),),
     [(3, "400.00"), (11, "4498.77"), (1, "5098.79")]),
    ("defer:3,pays=400,interest=waive", DUE, (Defer(3, "waive", yuan(400)),),
     [(3, "400.00"), (12, "4390.80")]),
    ("defer:3,pays=400,interest=pay", DUE, (Defer(3, "pay", yuan(400)),),
     [(3, "600.00"), (11, "4498.77"), (1, "4498.79")]),
    ("defer:3,pays=1000,interest=pay", DUE, (Defer(3, "pay", yuan(1000)),),
     [(3, "1000.00"), (12, "4389.50")]),
    ("defer:3,interest=spread,keep=maturity", DUE, (Defer(3, "spread", keep="maturity"),),
     [(3, "0.00"), (8, "6094.19"), (1, "6094.18")]),
    ("defer:3,interest=end,keep=payment", DUE, (Defer(3, "end", keep="payment"),),
     [(3, "0.00"), (11, "4498.77"), (1, "6298.79")]),
    ("defer:3,keep=payment,interest=first", DUE, (Defer(3, "first", keep="payment"),),
     [(3, "0.00"), (1, "6298.77"), (10, "4498.77"), (1, "4498.79")]),
    ("interest-only:3", DUE, (InterestOnly(3),),
     [(3, "600.00"), (8, "5894.19"), (1, "5894.18")]),
    ("interest-only:3,keep=maturity", DUE, (InterestOnly(3),),
     [(3, "600.00"), (8, "5894.19"), (1, "5894.18")]),
    ("interest-only:3,keep=count", DUE, (InterestOnly(3, "count"),),
     [(3, "600.00"), (11, "4498.77"), (1, "4498.79")]),
    ("interest-only:3,keep=payment", DUE, (InterestOnly(3, "payment"),),
     [(3, "600.00"), (11, "4498.77"), (1, "4498.79")]),
    ("extend:1", DUE, (Extend(1),),
     [(12, "4176.94"), (1, "4176.88")]),
    ("extend:6", DUE, (Extend(6),),
     [(17, "3105.14"), (1, "3105.11")]),
    ("extend:12", DUE, (Extend(12),),
     [(23, "2410.10"), (1, "2410.21")]),
    ("reduce:3000", DUE, (Reduce(yuan(3000)),),
     [(18, "3000.00"), (1, "2123.64")]),
    ("reduce:30%", DUE, (Reduce(percent(30)),),
     [(17, "3149.14"), (1, "2270.91")]),
    ("reduce:30%,for=all", DUE, (Reduce(percent(30)),),
     [(17, "3149.14"), (1, "2270.91")]),
    ("reduce:3000,for=4", DUE, (Reduce(yuan(3000), 4),),
     [(4, "3000.00"), (7, "5303.53"), (1, "5303.52")]),
    ("reduce:30%,for=4", DUE, (Reduce(percent(30), 4),),
     [(4, "3149.14"), (7, "5223.45"), (1, "5223.43")]),
    ("reduce:100%,for=2", DUE, (Reduce(percent(100), 2),),
     [(2, "0.00"), (9, "5464.73"), (1, "5464.75")]),
    ("reduce:5000", DUE, (Reduce(yuan(5000)),),
     [(10, "5000.00"), (1, "3588.92")]),
    ("rate:10%", DUE, (NewRate(F(1, 10)),),
     [(11, "4395.79"), (1, "4395.85")]),
    ("rate:10", DUE, (NewRate(F(1, 10)),),
     [(11, "4395.79"), (1, "4395.85")]),
    ("rate:1%/month", DUE, (NewRate(F(12, 100)),),
     [(11, "4442.44"), (1, "4442.43")]),
    ("rate:0.03%/day", DUE, (NewRate(F(108, 1000)),),
     [(11, "4414.42"), (1, "4414.43")]),
    ("rate:10%,for=all", DUE, (NewRate(F(1, 10)),),
     [(11, "4395.79"), (1, "4395.85")]),
    ("rate:10%,for=6", DUE, (NewRate(F(1, 10), 6),),
     [(6, "4395.79"), (5, "4451.52"), (1, "4451.54")]),
    ("rate:0%", DUE, (NewRate(F(0)),),
     [(11, "4166.67"), (1, "4166.63")]),
    ("rate:20%", DUE, (NewRate(F(1, 5)),),
     [(11, "4631.73"), (1, "4631.67")]),
    ("rate:cut=2", DUE, (CutRate(F(2, 100)),),
     [(11, "4451.80"), (1, "4451.82")]),
    ("rate:cut=2%", DUE, (CutRate(F(2, 100)),),
     [(11, "4451.80"), (1, "4451.82")]),
    ("rate:cut=2,for=6", DUE, (CutRate(F(2, 100), 6),),
     [(6, "4451.80"), (6, "4477.32")]),
    ("rate:cut=14.4", DUE, (CutRate(F(144, 1000)),),
     [(11, "4166.67"), (1, "4166.63")]),
    ("balloon:10000", DUE, (Balloon(yuan(10000)),),
     [(11, "3719.02"), (1, "13718.98")]),
    ("balloon:20%", DUE, (Balloon(percent(20)),),
     [(11, "3719.02"), (1, "13718.98")]),
    ("balloon:100%", DUE, (Balloon(percent(100)),),
     [(11, "600.00"), (1, "50600.00")]),
    ("set-aside:10000", DUE, (SetAside(yuan(10000)),),
     [(11, "3599.02"), (1, "13598.98")]),
    ("set-aside:20%", DUE, (SetAside(percent(20)),),
     [(11, "3599.02"), (1, "13598.98")]),
    ("forgive:5000", DUE, (Forgive(yuan(5000)),),
     [(11, "4048.89"), (1, "4048.94")]),
    ("forgive:10%", DUE, (Forgive(percent(10)),),
     [(11, "4048.89"), (1, "4048.94")]),
    ("forgive:10%,of=principal", DUE, (Forgive(percent(10)),),
     [(11, "4048.89"), (1, "4048.94")]),
    ("forgive:10%", LATE, (Forgive(percent(10)),),
     [(1, "5504.84"), (4, "5455.77"), (1, "5455.79")]),
    ("forgive:50%,of=interest", LATE, (Forgive(percent(50), "interest"),),
     [(1, "6044.16"), (4, "5995.09"), (1, "5995.11")]),
    ("forgive:500,of=interest", LATE, (Forgive(yuan(500), "interest"),),
     [(1, "6024.17"), (5, "5975.10")]),
    ("forgive:100%,of=penalty", LATE, (Forgive(percent(100), "penalty"),),
     [(6, "6061.97")]),
    ("forgive:20,of=penalty", LATE, (Forgive(yuan(20), "penalty"),),
     [(1, "6091.04"), (5, "6061.97")]),
    ("arrears:capitalise", LATE, (Arrears(),),
     [(1, "6111.04"), (5, "6061.97")]),
    ("arrears:spread", LATE, (Arrears("spread"),),
     [(1, "6047.43"), (4, "5998.36"), (1, "5998.38")]),
    ("arrears:set-aside", LATE, (Arrears("set-aside"),),
     [(1, "4547.84"), (4, "4498.77"), (1, "13496.33")]),
    ("arrears:pay", LATE, (Arrears("pay"),),
     [(1, "13545.38"), (4, "4498.77"), (1, "4498.79")]),
    ("arrears:forgive", LATE, (Arrears("forgive"),),
     [(1, "4547.84"), (4, "4498.77"), (1, "4498.79")]),
    ("arrears:spread,over=3", LATE, (Arrears("spread", 3),),
     [(1, "7547.02"), (2, "7497.95"), (2, "4498.77"), (1, "4498.79")]),
    ("arrears:spread,over=1", LATE, (Arrears("spread", 1),),
     [(1, "13545.38"), (4, "4498.77"), (1, "4498.79")]),
    ("arrears:spread,over=all", LATE, (Arrears("spread"),),
     [(1, "6047.43"), (4, "5998.36"), (1, "5998.38")]),
    ("arrears:spread,over=99", LATE, (Arrears("spread", 99),),
     [(1, "6047.43"), (4, "5998.36"), (1, "5998.38")]),
    ("arrears:capitalise,penalty=pay", LATE, (Arrears(),),
     [(1, "6111.04"), (5, "6061.97")]),
    ("arrears:capitalise,penalty=spread", LATE, (Arrears(penalty="spread"),),
     [(5, "6070.15"), (1, "6070.14")]),
    ("arrears:capitalise,penalty=set-aside", LATE, (Arrears(penalty="set-aside"),),
     [(5, "6061.97"), (1, "6111.04")]),
    ("arrears:capitalise,penalty=capitalise", LATE, (Arrears(penalty="capitalise"),),
     [(5, "6070.50"), (1, "6070.48")]),
    ("arrears:capitalise,penalty=forgive", LATE, (Arrears(penalty="forgive"),),
     [(6, "6061.97")]),
    ("arrears:spread,penalty=spread,over=3", LATE, (Arrears("spread", 3, "spread"),),
     [(2, "7514.31"), (1, "7514.30"), (2, "4498.77"), (1, "4498.79")]),
    ("arrears:pay,penalty=set-aside", LATE, (Arrears("pay", None, "set-aside"),),
     [(1, "13496.31"), (4, "4498.77"), (1, "4547.86")]),
    ("extra:5000", DUE, (Extra(yuan(5000)),),
     [(1, "9498.77"), (9, "4498.77"), (1, "3310.75")]),
    ("extra:5000,at=1", DUE, (Extra(yuan(5000)),),
     [(1, "9498.77"), (9, "4498.77"), (1, "3310.75")]),
    ("extra:5000,at=4", DUE, (Extra(yuan(5000), 4),),
     [(3, "4498.77"), (1, "9498.77"), (6, "4498.77"), (1, "3508.78")]),
    ("extra:5000,then=term", DUE, (Extra(yuan(5000)),),
     [(1, "9498.77"), (9, "4498.77"), (1, "3310.75")]),
    ("extra:5000,then=instalment", DUE, (Extra(yuan(5000), 1, "instalment"),),
     [(1, "9498.77"), (10, "4010.85"), (1, "4010.80")]),
    ("extra:5000,at=4,then=instalment", DUE, (Extra(yuan(5000), 4, "instalment"),),
     [(3, "4498.77"), (1, "9498.77"), (7, "3839.55"), (1, "3839.57")]),
    ("extra:10%,at=2", DUE, (Extra(yuan(5000), 2),),
     [(1, "4498.77"), (1, "9498.77"), (8, "4498.77"), (1, "3377.55")]),
    ("extra:5000,at=20", DUE, (Extra(yuan(5000), 20),),
     [(11, "4498.77"), (1, "4498.79")]),
    ("step:50%x3", DUE, (Step(((F(1, 2), 3),)),),
     [(3, "2249.39"), (8, "5303.85"), (1, "5303.90")]),
    ("step:50%x3/75%x3", DUE, (Step(((F(1, 2), 3), (F(3, 4), 3))),),
     [(3, "2249.39"), (3, "3374.08"), (5, "6321.79"), (1, "6321.78")]),
    ("step:0%x2", DUE, (Step(((F(0), 2),)),),
     [(2, "0.00"), (9, "5464.73"), (1, "5464.75")]),
    ("step:120%x2", DUE, (Step(((F(6, 5), 2),)),),
     [(2, "5398.52"), (10, "4305.58")]),
]  # fmt: skip

COMPOSED: list[Row] = [
    ("defer:2+interest-only:2+extend:6", DUE, (Defer(2), InterestOnly(2), Extend(6),),
     [(2, "0.00"), (2, "614.49"), (15, "3536.63"), (1, "3536.53")]),
    ("interest-only:2+defer:2", DUE, (InterestOnly(2), Defer(2),),
     [(2, "600.00"), (2, "0.00"), (9, "5464.73"), (1, "5464.75")]),
    ("defer:1+defer:2", DUE, (Defer(1), Defer(2),),
     [(3, "0.00"), (11, "4662.68"), (1, "4662.66")]),
    ("defer:1,interest=simple+defer:2,interest=simple", DUE,
     (Defer(1, "simple"), Defer(2, "simple")),
     [(3, "0.00"), (11, "4662.02"), (1, "4662.06")]),
    ("defer:2,interest=first+defer:1,interest=end", DUE, (Defer(2, "first"), Defer(1, "end"),),
     [(3, "0.00"), (1, "5698.77"), (10, "4498.77"), (1, "5098.79")]),
    ("extend:3+extend:3", DUE, (Extend(3), Extend(3),),
     [(17, "3105.14"), (1, "3105.11")]),
    ("defer:1+reduce:2000,for=2+step:50%x2", DUE,
     (Defer(1), Reduce(yuan(2000), 2), Step(((F(1, 2), 2),))),
     [(1, "0.00"), (2, "2000.00"), (2, "2249.39"), (7, "5857.29"), (1, "5857.27")]),
    ("reduce:2000,for=2+reduce:3000,for=2", DUE, (Reduce(yuan(2000), 2), Reduce(yuan(3000), 2),),
     [(2, "2000.00"), (2, "3000.00"), (7, "5575.20"), (1, "5575.23")]),
    ("reduce:3000+defer:2", DUE, (Reduce(yuan(3000)), Defer(2),),
     [(2, "0.00"), (19, "3000.00"), (1, "645.58")]),
    ("defer:2+reduce:3000", DUE, (Defer(2), Reduce(yuan(3000)),),
     [(2, "0.00"), (19, "3000.00"), (1, "645.58")]),
    ("reduce:3000+defer:2,keep=payment", DUE, (Reduce(yuan(3000)), Defer(2, keep="payment"),),
     [(2, "0.00"), (19, "3000.00"), (1, "645.58")]),
    ("defer:2,keep=payment+reduce:3000", DUE, (Defer(2, keep="payment"), Reduce(yuan(3000)),),
     [(2, "0.00"), (19, "3000.00"), (1, "645.58")]),
    ("reduce:3000+reduce:3500", DUE, (Reduce(yuan(3000)), Reduce(yuan(3500)),),
     [(15, "3500.00"), (1, "2680.73")]),
    ("reduce:10%+reduce:10%", DUE, (Reduce(percent(10)), Reduce(percent(10)),),
     [(13, "4048.89"), (1, "1811.33")]),
    ("balloon:5000+balloon:10000", DUE, (Balloon(yuan(5000)), Balloon(yuan(10000)),),
     [(11, "3719.02"), (1, "13718.98")]),
    ("balloon:10%+balloon:0", DUE, (Balloon(percent(10)), Balloon(yuan(0)),),
     [(11, "4108.89"), (1, "9108.94")]),
    ("set-aside:5000+set-aside:5000", DUE, (SetAside(yuan(5000)), SetAside(yuan(5000)),),
     [(11, "3599.02"), (1, "13598.98")]),
    ("set-aside:20%+set-aside:25%", DUE, (SetAside(percent(20)), SetAside(percent(25)),),
     [(11, "2699.26"), (1, "22699.32")]),
    ("forgive:20%+balloon:25%", DUE, (Forgive(percent(20)), Balloon(percent(25)),),
     [(11, "2819.26"), (1, "12819.32")]),
    ("balloon:25%+forgive:20%", DUE, (Balloon(percent(25)), Forgive(percent(20)),),
     [(11, "2624.32"), (1, "15124.38")]),
    ("forgive:10%+set-aside:10%+balloon:10%", DUE,
     (Forgive(percent(10)), SetAside(percent(10)), Balloon(percent(10))),
     [(11, "3328.20"), (1, "11878.27")]),
    ("rate:10%+reduce:3000", DUE, (NewRate(F(1, 10)), Reduce(yuan(3000)),),
     [(18, "3000.00"), (1, "55.64")]),
    ("reduce:3000+rate:10%", DUE, (Reduce(yuan(3000)), NewRate(F(1, 10)),),
     [(18, "3000.00"), (1, "55.64")]),
    ("rate:10%+rate:cut=2", DUE, (NewRate(F(1, 10)), CutRate(F(2, 100)),),
     [(11, "4349.42"), (1, "4349.44")]),
    ("rate:cut=2+rate:10%", DUE, (CutRate(F(2, 100)), NewRate(F(1, 10)),),
     [(11, "4395.79"), (1, "4395.85")]),
    ("rate:cut=2+rate:cut=2", DUE, (CutRate(F(2, 100)), CutRate(F(2, 100)),),
     [(11, "4405.10"), (1, "4405.11")]),
    ("extra:5000,at=2+extra:5000,at=4", DUE, (Extra(yuan(5000), 2), Extra(yuan(5000), 4),),
     [(1, "4498.77"), (1, "9498.77"), (1, "4498.77"), (1, "9498.77"), (5, "4498.77"),
      (1, "2465.29")]),
    ("extra:5000,at=2+extra:3000,at=2", DUE, (Extra(yuan(5000), 2), Extra(yuan(3000), 2),),
     [(1, "4498.77"), (1, "12498.77"), (8, "4498.77"), (1, "37.56")]),
    ("extend:6+extra:5000,at=2", DUE, (Extend(6), Extra(yuan(5000), 2),),
     [(1, "3105.14"), (1, "8105.14"), (14, "3105.14"), (1, "193.76")]),
    ("defer:2+extra:5000,at=1", DUE, (Defer(2), Extra(yuan(5000)),),
     [(1, "5000.00"), (1, "0.00"), (10, "4607.39"), (1, "3390.69")]),
    ("set-aside:10%+reduce:3000", DUE, (SetAside(percent(10)), Reduce(yuan(3000)),),
     [(16, "3000.00"), (1, "6913.96")]),
    ("defer:3,interest=spread+reduce:3000", DUE, (Defer(3, "spread"), Reduce(yuan(3000)),),
     [(3, "0.00"), (18, "3094.74"), (1, "2218.32")]),
    ("defer:2,interest=end+set-aside:10%+balloon:10%", DUE,
     (Defer(2, "end"), SetAside(percent(10)), Balloon(percent(10))),
     [(2, "0.00"), (11, "3698.01"), (1, "14277.95")]),
    ("defer:3", LATE, (Defer(3),),
     [(3, "0.00"), (1, "6331.90"), (4, "6282.83"), (1, "6282.84")]),
    ("defer:3+arrears:spread", LATE, (Defer(3), Arrears("spread"),),
     [(3, "0.00"), (1, "6211.34"), (4, "6162.27"), (1, "6162.25")]),
    ("arrears:spread+defer:3", LATE, (Arrears("spread"), Defer(3),),
     [(3, "0.00"), (1, "6211.34"), (4, "6162.27"), (1, "6162.25")]),
    ("arrears:spread+arrears:pay", LATE, (Arrears("spread"), Arrears("pay"),),
     [(1, "13545.38"), (4, "4498.77"), (1, "4498.79")]),
    ("balloon:20%+arrears:set-aside", LATE, (Balloon(percent(20)), Arrears("set-aside"),),
     [(1, "3710.23"), (4, "3661.16"), (1, "17837.57")]),
    ("balloon:20%", LATE, (Balloon(percent(20)),),
     [(1, "4982.39"), (4, "4933.32"), (1, "11911.67")]),
    ("defer:2,interest=pay+arrears:capitalise", LATE, (Defer(2, "pay"), Arrears(),),
     [(1, "467.77"), (1, "418.70"), (6, "6061.97")]),
    ("reduce:3000", LATE, (Reduce(yuan(3000)),),
     [(1, "3049.07"), (11, "3000.00"), (1, "1809.26")]),
    ("defer:1,interest=spread+arrears:spread,over=2", LATE,
     (Defer(1, "spread"), Arrears("spread", 2)),
     [(1, "0.00"), (1, "9098.40"), (1, "9049.33"), (3, "4550.56"), (1, "4550.57")]),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "spec", "specs", "expected"), [*EACH, *COMPOSED])
def test_what_a_plan_pays(
    plan: str, spec: LoanSpec, specs: tuple[MeasureSpec, ...], expected: list[tuple[int, str]]
) -> None:
    """Each measure, key and composition pays on the founding case what the table says."""
    assert payments(schedule_of(founding(paid=spec.paid, missed=spec.missed), plan)) == expected


@pytest.mark.parametrize(("plan", "spec", "specs", "expected"), [*EACH, *COMPOSED])
def test_the_tables_are_those_of_the_model(
    plan: str, spec: LoanSpec, specs: tuple[MeasureSpec, ...], expected: list[tuple[int, str]]
) -> None:
    """The tables above say what the independent model says, for the same plan in its terms."""
    rows = reference(spec, specs)
    assert not isinstance(rows, Refused)
    found = [(len(list(group)), paid) for paid, group in groupby(row.payment for row in rows)]
    assert [(count, f"{paid / 100:.2f}") for count, paid in found] == expected


def test_every_key_value_is_in_the_table() -> None:
    """The table above leaves out no measure, no key, and no word that a key may have."""
    seen = {(measure.name, "", "") for plan, *_ in EACH for measure in parse_plan(plan).measures}
    for plan, *_ in EACH:
        for part in plan.split("+"):
            name, _, rest = part.partition(":")
            for piece in rest.split(","):
                key, equals, value = piece.partition("=")
                seen.add((name, key, value) if equals else (name, "", piece))
                seen.add((name, key if equals else "", ""))
    for name in names():
        kind = measure_type(name)
        assert kind.dated or (name, "", "") in seen
        if kind.dated or name == "step":
            continue  # tests of dates and of the contract's rules have these
        for key, slot in kind.keys.items():
            if key in ("from", "to", "fees"):  # tests of dates and of the ledger have these
                continue
            assert (name, key, "") in seen, f"{name} {key}="
            if "|" in slot.form and slot.form.islower():
                for word in {*slot.form.split("|")} - {"fees"}:  # this loan has none
                    assert (name, key, word) in seen or slot.default == word, f"{key}={word}"
    for word in ("capitalise", "spread", "set-aside", "pay", "forgive"):
        assert ("arrears", "", word) in seen


@pytest.mark.parametrize(
    "plan",
    [plan for plan, spec, *_ in [*EACH, *COMPOSED] if spec is DUE and plan.startswith("arrears")]
    + ["arrears:spread", "arrears:forgive,penalty=forgive", "arrears:pay+arrears:set-aside,over=3"],
)
def test_arrears_of_nothing(plan: str) -> None:
    """An arrears measure without arrears changes nothing."""
    assert minor_rows(schedule_of(founding(), plan)) == minor_rows(schedule_of(founding()))


# Effects that a formula states


def test_interest_on_interest() -> None:
    """A capitalised pause grows the debt by 1.012 to the n, one rounding a month."""
    for count in range(1, 13):
        closing = schedule_of(founding(), f"defer:{count}").closing[count - 1]
        assert abs(closing - F(5_000_000) * F(1012, 1000) ** count) <= count


def test_simple_interest() -> None:
    """A simple pause adds 600.00 a month, at its end."""
    for count in range(1, 13):
        schedule = schedule_of(founding(), f"defer:{count},interest=simple")
        assert schedule.closing[count - 1] == 5_000_000 + count * 60_000
        assert schedule.interest[count] == (schedule.opening[count] * 12 + 500) // 1000


@pytest.mark.parametrize("how", ["spread", "first", "end"])
def test_interest_that_waits(how: str) -> None:
    """Interest of a pause that waits bears nothing, and is collected to the fen."""
    schedule = schedule_of(founding(), f"defer:3,interest={how}")
    agreed = schedule_of(founding())
    on_top = [paid - due for paid, due in zip(schedule.payment[3:], agreed.payment, strict=True)]
    assert sum(on_top) == 180_000
    assert schedule.interest[3:] == agreed.interest
    assert (
        on_top
        == {
            "spread": [15_000] * 12,
            "first": [180_000] + [0] * 11,
            "end": [0] * 11 + [180_000],
        }[how]
    )
    assert schedule.closing[2] == 5_180_000


def test_a_sum_in_equal_parts() -> None:
    """Equal parts are round(sum / count), never more than is left; the last has the residue.

    8,997.54 over 4 is 2,249.385, to the fen 2,249.39: the last part is 2,249.37.
    """
    agreed = schedule_of(founding(paid=4, missed=2))
    loan = founding(paid=4, missed=2, penalty_rate="0x")
    for over, parts in (
        (4, [224_939, 224_939, 224_939, 224_937, 0, 0]),
        (1, [899_754, 0, 0, 0, 0, 0]),
        (6, [149_959] * 6),
        (9, [149_959] * 6),
    ):
        schedule = schedule_of(loan, f"arrears:spread,over={over}")
        found = [paid - due for paid, due in zip(schedule.payment, agreed.payment, strict=True)]
        assert found == parts


def test_parts_of_almost_nothing() -> None:
    """Three fen over twelve instalments: round(0.25) is nothing, the last one has them all.

    Nine over twelve are one each (0.75 to the nearest), and none is left for the last three.
    """
    agreed = schedule_of(founding())
    for fees, parts in ((3, [0] * 11 + [3]), (9, [1] * 9 + [0] * 3)):
        loan = founding(fees=Decimal(fees) / 100)
        schedule = schedule_of(loan, "arrears:capitalise,penalty=spread")
        found = [paid - due for paid, due in zip(schedule.payment, agreed.payment, strict=True)]
        assert found == parts


def test_percentages_of_an_instalment() -> None:
    """Those of `reduce` come off the rounded instalment; those of `pays` and `step` are of it."""
    for part in (1, 33, 50, 99):
        off = (449877 * (100 - part) * 2 + 100) // 200
        of = (449877 * part * 2 + 100) // 200
        assert schedule_of(founding(), f"reduce:{part}%,for=2").payment[0] == off
        assert schedule_of(founding(), f"step:{part}%x2").payment[0] == of
        assert schedule_of(founding(), f"defer:2,pays={part}%").payment[0] == of


def test_percentages_of_the_next_instalment() -> None:
    """On a loan that is not level they refer to the next instalment due."""
    loan = founding(method="equal-principal", paid=6)
    # 25,000 are owed: 4,166.67 and 300.00 of interest; half of it, the fen up.
    assert schedule_of(loan, "reduce:50%,for=1").payment[0] == 223_334
    assert schedule_of(loan, "step:50%x1").payment[0] == 223_334


@pytest.mark.parametrize(
    ("plan", "whole"),
    [
        ("balloon:10%", 3489180),
        ("set-aside:10%", 3489180),
        ("arrears:set-aside+set-aside:10%", 2589426),
        ("set-aside:10%+arrears:set-aside", 2589426),
        ("arrears:capitalise,penalty=capitalise+set-aside:10%", 3494087),
        ("forgive:50%+set-aside:10%", 1744590),
    ],
)
def test_percentages_of_the_debt(plan: str, whole: int) -> None:
    """They are of what bears interest on the day, arrears capitalised, after those to the left."""
    loan = schedule_of(founding(paid=4, missed=2), plan).loan
    assert loan.balloon + loan.set_aside == (whole + 5) // 10


def test_what_is_forgiven() -> None:
    """What is forgiven is out of the first opening, in `forgiven`, and out of what is paid."""
    line = line_of(founding(), "forgive:10%+forgive:1000")
    assert line.forgiven == 6000
    assert amounts(line.schedule, "opening")[0] == 44_000
    late = line_of(founding(paid=4, missed=2), "arrears:forgive,penalty=forgive")
    assert late.forgiven == Decimal("9046.61")
    assert payments(late.schedule) == [(5, "4498.77"), (1, "4498.79")]
    half = line_of(founding(paid=4, missed=2), "forgive:50%,of=penalty")
    assert half.forgiven == Decimal("24.54")  # of 49.07, the half fen up
    assert amounts(half.schedule, "payment")[0] - amounts(half.schedule, "payment")[1] == Decimal(
        "24.53"
    )


def test_forgiving_what_was_forgiven() -> None:
    """Where an arrears measure forgave it, a percentage of interest or penalty finds nothing."""
    for of in ("interest", "penalty", "fees"):
        plan = "arrears:forgive,penalty=forgive"
        late = founding(paid=4, missed=2, fees=3)
        both = line_of(late, f"{plan}+forgive:50%,of={of}")
        assert both.forgiven == line_of(late, plan).forgiven == Decimal("9049.61")
        assert "than there is" in refusal_of(late, f"{plan}+forgive:1,of={of}")


@pytest.mark.parametrize(
    ("plan", "forgiven"),
    [
        # overdue principal and interest are 8,997.54 (769.85 of it interest), the penalty 49.07
        ("arrears:forgive+forgive:50%,of=interest", "8997.54"),
        ("arrears:forgive+forgive:50%,of=penalty", "9022.08"),
        ("arrears:capitalise,penalty=forgive+forgive:100%,of=penalty", "49.07"),
        ("arrears:capitalise,penalty=forgive+forgive:100%,of=interest", "818.92"),
        ("arrears:spread,penalty=set-aside+forgive:100%,of=interest", "769.85"),
        ("arrears:spread,penalty=set-aside+forgive:100%,of=penalty", "49.07"),
    ],
)
def test_forgiving_what_is_still_there(plan: str, forgiven: str) -> None:
    """What one treatment forgave is gone for `forgive`; what the other has is still there."""
    assert line_of(founding(paid=4, missed=2), plan).forgiven == Decimal(forgiven)


@pytest.mark.parametrize("plan", ["arrears:spread+defer:3", "defer:3+arrears:spread"])
def test_arrears_are_treated_first(plan: str) -> None:
    """Wherever it stands, `arrears:` acts before the other measures."""
    late = founding(paid=4, missed=2)
    schedule = schedule_of(late, plan)
    assert schedule.interest[0] == (2589426 * 12 + 500) // 1000
    assert payments(schedule) == payments(schedule_of(late, "arrears:spread+defer:3"))


@pytest.mark.parametrize(
    ("plan", "row"),
    [
        ("defer:3", 3),
        ("defer:3,pays=100", 0),
        ("defer:3+extra:100,at=2", 1),
        ("defer:2+interest-only:1", 2),
        ("interest-only:2", 0),
        ("step:0%x2", 2),
        ("rate:0%", 0),
        ("defer:2,interest=waive,keep=maturity", 2),
    ],
)
def test_the_first_payment_takes_the_penalty(plan: str, row: int) -> None:
    """Penalty interest falls due with the first row that has a payment, and bears nothing."""
    late, cleared = founding(paid=4, missed=2), founding(paid=4, missed=2, penalty=0)
    paid, without = schedule_of(late, plan).payment, schedule_of(cleared, plan).payment
    assert [a - b for a, b in zip(paid, without, strict=True)] == [
        4907 if k == row else 0 for k in range(len(paid))
    ]


# Prepayments


def test_a_prepayment_shortens_the_term() -> None:
    """The instalment stays; 10,000 with the third leave 8.2 instalments, not 9."""
    schedule = schedule_of(founding(), "extra:10000,at=3")
    assert schedule.payment[2] == 449877 + 1_000_000
    assert [*schedule.payment[:2], *schedule.payment[3:-1]] == [449877] * (len(schedule) - 2)
    assert len(schedule) == 10
    assert 0 < schedule.payment[-1] <= 449877 + 10


def test_a_prepayment_lowers_the_instalment() -> None:
    """Worked out anew from the next row on, to the same end: 28,162.77 over 9 at 1.2 %."""
    schedule = schedule_of(founding(), "extra:10000,at=3,then=instalment")
    assert len(schedule) == 12
    assert schedule.closing[2] == 3816277 - 1_000_000
    i = F(12, 1000)
    exact = schedule.closing[2] * i / (1 - (1 + i) ** -9)
    assert schedule.payment[3] == round(exact)


def test_a_prepayment_after_the_end() -> None:
    """Beyond the last row it is not made, and a note says so."""
    line = line_of(founding(), "extra:5000,at=13")
    assert minor_rows(line.schedule) == minor_rows(schedule_of(founding()))
    assert "not made" in line.notes[0]
    assert "13" in line.notes[0]
    assert not line_of(founding(), "extra:5000,at=9").notes


# The grammar


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("defre:3", "Did you mean 'defer'?"),
        ("exted:6", "Did you mean 'extend'?"),
        ("DEFER:3", "Did you mean 'defer'?"),
        ("interest_only:3", "Did you mean 'interest-only'?"),
        ("set_aside:3", "Did you mean 'set-aside'?"),
        ("baloon:3", "Did you mean 'balloon'?"),
        ("xyz:3", "The measures are arrears, balloon, defer, extend, extra, forgive, "
                  "interest-only, interest-pause, move, rate, reduce, set-aside, step"),
        ("_spec:3", "there is no measure '_spec'"),
        ("__init__", "there is no measure '__init__'"),
        ("defer.x:3", "there is no measure 'defer.x'"),
        ("defer", "needs a value, as in defer:3"),
        ("defer:", "defer"),
        ("defer:x", "defer: 'x' is not a whole number from 0 to 5200"),
        ("defer:-1", "not a whole number from 0 to 5200"),
        ("defer:1.5", "not a whole number from 0 to 5200"),
        ("defer:5201", "not a whole number from 0 to 5200"),
        ("defer:３", "not a whole number from 0 to 5200"),
        ("defer:1e3", "not a whole number from 0 to 5200"),
        ("defer:nan", "not a whole number from 0 to 5200"),
        ("defer:3,interst=waive", "Did you mean 'interest'?"),
        ("defer:3,for=2", "has no key 'for' (its keys: interest=, pays=, to=, keep=)"),
        ("extend:3,keep=count", "has no key 'keep'"),
        ("defer:3,interest=wave", "defer interest=: 'wave' is not one of capitalise, simple, "
                                  "spread, first, end, waive, pay. Did you mean 'waive'?"),
        ("defer:3,interest=", "capitalise, simple, spread, first, end, waive, pay"),
        ("defer:3,keep=counts", "Did you mean 'count'?"),
        ("defer:3,keep", "not a key and a value"),
        ("defer:3,,keep=count", "not a key and a value"),
        ("defer:3,4", "not a key and a value"),
        ("defer:3,keep=count,keep=payment", "written twice"),
        ("defer:3,pays=-1", "is negative"),
        ("defer:3,pays=1,000", "not a key and a value"),
        ("defer:3+", "a measure is missing beside a '+'"),
        ("+defer:3", "a measure is missing beside a '+'"),
        ("defer:3++extend:6", "a measure is missing beside a '+'"),
        ("", "is empty"),
        ("  ", "is empty"),
        ("name=", "is empty"),
        ("=defer:3", "is empty"),
        ("reduce:-3", "is negative"),
        ("reduce:30%,for=-1", "reduce for=: '-1' is not a whole number from 0 to 5200"),
        ("reduce:30%,for=some", "'all'"),
        ("rate", "rate: give a new rate (rate:10%) or a cut (rate:cut=2), not both or none."),
        ("rate:10%,cut=2", "a new rate (rate:10%) or a cut (rate:cut=2)"),
        ("rate:for=3", "a new rate (rate:10%) or a cut (rate:cut=2)"),
        ("rate:ten", "rate: 'ten' is not a rate such as 14.4, 14.4%, 1.2%/month or 0.04%/day"),
        ("rate:-1%", "below 0"),
        ("rate:cut=-1", "rate cut=: -1 % is below 0"),
        ("rate:cut=10001", "above 10,000 %"),
        ("forgive:10%,of=principle", "Did you mean 'principal'?"),
        ("arrears", "needs a value"),
        ("arrears:spred", "Did you mean 'spread'?"),
        ("arrears:spread,over=0", "arrears over=: 0 is not a whole number from 1, or 'all'."),
        ("arrears:spread,over=x", "arrears over=: 'x' is not a whole number"),
        ("arrears:spread,penalty=waive", "pay, spread, set-aside, capitalise, forgive"),
        ("extra:100,at=0", "whole number from 1 to 5200"),
        ("extra:100,then=both", "term, instalment"),
        ("step:50x3", "step: '50x3' is not steps such as 50%x6/75%x6."),
        ("step:50%", "steps such as 50%x6/75%x6"),
        ("step:50%x", "step is empty; give steps such as 50%x6/75%x6"),
        ("step:%x3", "step is empty; give steps such as 50%x6/75%x6"),
        ("step:50%x3/", "steps such as 50%x6/75%x6"),
        ("step:50%x1.5", "0 to 5200 instalments"),
        ("step:50%x5201", "0 to 5200 instalments"),
        ("step:50%x-1", "0 to 5200 instalments"),
        ("step:-1%x3", "0 to 1000 %"),
        ("step:1000.1%x3", "step: '1000.1%x3' is not steps such as 50%x6/75%x6, with 0 to 1000 % "
                           "and 0 to 5200 instalments."),
        ("defer:3..1", "the smaller number first"),
        ("defer:1..3/0", "a step above 0"),
        ("defer:1..x", "is not a range"),
        ("defer:1..", "is not a range"),
        ("defer:1..2..3", "is not a range"),
        ("defer:-1..2", "is not a range"),
        ("reduce:10%..30", "is not a range"),
        ("defer:1..20000", "more than 10,000 plans"),
        ("defer:0..200+extend:0..200", "more than 10,000 plans"),
        ("defer:0.5..2.5", "whole number from 0 to 5200"),
        ("a:b=defer:3", "there is no measure 'a'"),
        ("defer:3;extend:6", "whole number"),
        ("defer:3\nextend:6", "whole number"),
        ("defer:3\0", "whole number"),
    ],
)  # fmt: skip
def test_grammar_errors(text: str, says: str) -> None:
    """What is not a plan says in one line what is wrong and what is allowed: a usage error.

    The line begins with the measure, or with "plan".
    """
    with pytest.raises(PlanSyntaxError) as error:
        parse_plans([text])
    assert says in str(error.value)
    assert re.split("[ :]", str(error.value))[0] in ("plan", *names())
    assert error.value.exit_code == 2
    assert "\n" not in str(error.value)
    assert "\0" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("defer:1..3", ["defer:1", "defer:2", "defer:3"]),
        ("defer:3..3", ["defer:3"]),
        ("extend:6..24/6", ["extend:6", "extend:12", "extend:18", "extend:24"]),
        ("extend:6..23/6", ["extend:6", "extend:12", "extend:18"]),
        ("reduce:10%..30%/10%", ["reduce:10%", "reduce:20%", "reduce:30%"]),
        ("reduce:10..30%/10%", ["reduce:10%", "reduce:20%", "reduce:30%"]),
        ("reduce:10%..30%/10", ["reduce:10%", "reduce:20%", "reduce:30%"]),
        ("extra:0.1..0.3/0.1", ["extra:0.1", "extra:0.2", "extra:0.3"]),
        ("rate:9.5%..10.5%/0.5%", ["rate:9.5%", "rate:10%", "rate:10.5%"]),
        ("balloon:1000..3000/1000", ["balloon:1000", "balloon:2000", "balloon:3000"]),
        (
            "defer:1..2+extend:6..12/6",
            ["defer:1+extend:6", "defer:1+extend:12", "defer:2+extend:6", "defer:2+extend:12"],
        ),
        (
            "defer:1..2,pays=10%..20%/10%",
            ["defer:1,pays=10%", "defer:1,pays=20%", "defer:2,pays=10%", "defer:2,pays=20%"],
        ),
        ("rate:cut=1..2,for=6", ["rate:cut=1,for=6", "rate:cut=2,for=6"]),
        ("rate:10%,for=1..2", ["rate:10%,for=1", "rate:10%,for=2"]),
    ],
)
def test_ranges(text: str, texts: list[str]) -> None:
    """A range stands for one plan each, from the first value by the step up to the last."""
    assert [plan.text for plan in parse_plans([text])] == texts
    labelled = parse_plans([f"sweep={text}"])
    names = [f"sweep ({one})" for one in texts] if len(texts) > 1 else ["sweep"]
    assert [plan.name for plan in labelled] == names
    # What the plans do is what those written one by one do.
    lines = [line_of(founding(), one) for one in texts]
    swept = rs.compare(founding(), [text]).plans[1:]
    assert [minor_rows(line.schedule) for line in swept] == [
        minor_rows(line.schedule) for line in lines
    ]


@pytest.mark.parametrize(
    ("plan", "terms"),
    [
        ("step:1000%x1", {}),  # pays it all
        ("step:0%x5200", {"term": 5200, "rate": 0, "paid": 1}),
        ("defer:5200,interest=waive", {}),
        ("extend:5200", {}),
        ("reduce:100%,for=2", {}),
        ("arrears:spread,over=5200", {}),
        ("extra:1,at=5200", {}),
    ],
)
def test_the_ends_of_the_ranges(plan: str, terms: dict[str, Any]) -> None:
    """The bounds that the messages name are allowed themselves."""
    assert parse_plan(plan).text == plan
    reason = refusal_of(founding(**terms), plan)
    assert reason == "" or "no regular instalment" in reason


def test_forms_of_the_slots() -> None:
    """What the manual prints of each measure: the form of its value and of its keys."""
    forms = {
        "arrears": ("capitalise|spread|set-aside|pay|forgive", "over=all|N"),
        "balloon": ("AMOUNT|P%", ""),
        "defer": ("N", "interest=capitalise|simple|spread|first|end|waive|pay"),
        "extend": ("N", ""),
        "extra": ("AMOUNT|P%", "at=N"),
        "forgive": ("AMOUNT|P%", "of=principal|interest|penalty|fees"),
        "interest-only": ("N", "keep=maturity|count|payment"),
        "rate": ("R", "cut=P"),
        "reduce": ("AMOUNT|P%", "for=all|N"),
        "set-aside": ("AMOUNT|P%", ""),
        "step": ("P%xN/P%xM", ""),
    }
    for name, (value, key) in forms.items():
        kind = measure_type(name)
        assert kind.value.form == value
        for slot in (kind.value, *kind.keys.values()):
            assert slot.help
            assert not slot.help[0].isupper()
        if key:
            first, form = key.split("=")
            assert next(iter(kind.keys)) == first
            assert kind.keys[first].form == form
    assert measure_type("reduce").keys["for"].default == "all"
    assert measure_type("extra").keys["at"].default == "1"


def test_a_range_is_not_one_plan() -> None:
    """Where one plan is wanted, a range is refused with its number of plans."""
    with pytest.raises(PlanSyntaxError, match=r"'defer:1\.\.3' is a range of 3 plans"):
        parse_plan("defer:1..3")
    assert parse_plan("defer:3..3").text == "defer:3"


@pytest.mark.parametrize(
    ("text", "name", "plan"),
    [
        ("breather=defer:3", "breather", "defer:3"),
        ("breather = defer:3 + extend:6", "breather", "defer:3+extend:6"),
        ("two words, and 50 %=reduce:30%,for=4", "two words, and 50 %", "reduce:30%,for=4"),
        ("喘息=defer:3,keep=maturity", "喘息", "defer:3,keep=maturity"),
        ("a+b=defer:3", "a+b", "defer:3"),
        ("1..3=defer:3", "1..3", "defer:3"),
        ("cut=rate:cut=2", "cut", "rate:cut=2"),
        ("rate:cut=2", "rate:cut=2", "rate:cut=2"),
        (" defer:3 ", "defer:3", "defer:3"),
        ("defer:3+ extend:6", "defer:3+extend:6", "defer:3+extend:6"),
    ],
)
def test_labels(text: str, name: str, plan: str) -> None:
    """A label is any text without ":" or "=", before the first "="; it names the line."""
    found = parse_plan(text)
    assert (found.name, found.text) == (name, plan)
    line = line_of(founding(), text)
    assert (line.name, line.plan) == (name, plan)


def test_the_same_name_twice() -> None:
    """Two lines of one name are told apart."""
    lines = rs.compare(founding(), ["a=defer:1", "a=defer:2", "defer:3", "defer:3"]).plans
    assert len({line.name for line in lines}) == 5


def test_keys_in_any_order() -> None:
    """The order of keys is free, and white space around them too."""
    one = parse_plan("defer:3,pays=10%,keep=maturity,interest=simple").measures[0]
    other = parse_plan("defer: 3 , interest = simple , keep = maturity , pays = 10%").measures[0]
    assert one.given == other.given


@pytest.mark.parametrize("name", names())
def test_examples_of_the_measures(name: str) -> None:
    """Every measure's own example, and every other that it names, can be carried out."""
    kind = measure_type(name)
    assert kind.name == name
    dates = {"start": "2025-08-08"} if kind.dated else {}
    late = founding(term=24, paid=4, missed=2, **dates)
    assert not refusal_of(late, kind.example)
    for key, values in kind.tries.items():
        for value in values:
            assert not refusal_of(late, f"{kind.example},{key}={value}" if key else value)


# Measures as objects


@pytest.mark.parametrize(
    ("name", "value", "keys", "text"),
    [
        ("defer", 3, {}, "defer:3"),
        ("defer", "3", {"interest": "simple"}, "defer:3,interest=simple"),
        ("defer", 3, {"pays": 1000, "keep": "payment"}, "defer:3,pays=1000,keep=payment"),
        ("reduce", "30%", {"for_": 4}, "reduce:30%,for=4"),
        ("reduce", Decimal("3000.50"), {}, "reduce:3000.50"),
        ("rate", None, {"cut": 2}, "rate:cut=2"),
        ("rate", "10%", {"for_": "all"}, "rate:10%,for=all"),
        ("forgive", 500, {"of": "interest"}, "forgive:500,of=interest"),
    ],
)
def test_measures_from_python(name: str, value: Any, keys: dict[str, Any], text: str) -> None:
    """A measure made with arguments is the one that its text says; `for_` stands for `for`."""
    made = measure_type(name)(value, **keys)
    assert made.text == text
    read = parse_plan(text).measures[0]
    loan = locate(founding(paid=4, missed=2))
    assert repr(made.apply(loan)) == repr(read.apply(loan))


def test_what_measures_do_not_take() -> None:
    """Arguments are read as the grammar reads them, and refused in the same words."""
    defer = measure_type("defer")
    for wrong in (None, "x", -1, 1.5, True, [3]):
        with pytest.raises(PlanSyntaxError, match="defer"):
            defer(wrong)
    with pytest.raises(PlanSyntaxError, match="Did you mean 'interest'"):
        defer(3, intrest="simple")
    assert defer(MOST).count() == MOST == 5200
    assert defer(0).count() == 0


def test_a_measure_acts_on_a_located_loan() -> None:
    """A loan that was not located has no as-agreed instalment: that is the caller's mistake."""
    with pytest.raises(ValueError, match="locate the loan"):
        measure_type("reduce")("30%").apply(founding())


def test_the_base_class_does_nothing() -> None:
    """A new measure has to say what it does."""

    class Nothing(Measure):
        name = "nothing"
        summary = example = ""
        value = measure_type("defer").value

    for method in ("apply", "describe"):
        with pytest.raises(NotImplementedError):
            getattr(Nothing(1), method)(founding())


# Words


AS_BEFORE = "; then 12 instalments as before"
AS_LONG = "for as long as it takes"


@pytest.mark.parametrize(
    ("plan", "description"),
    [
        ("defer:3", f"Pause 3 months; interest is added to the debt{AS_BEFORE}"),
        ("defer:1", f"Pause 1 month; interest is added to the debt{AS_BEFORE}"),
        ("defer:3,interest=simple", "Pause 3 months; interest accrues on principal alone and is "
         f"added to the debt at the end{AS_BEFORE}"),
        ("defer:3,interest=spread", "Pause 3 months; its interest is collected in equal parts "
         f"over the regular instalments{AS_BEFORE}"),
        ("defer:3,interest=first",
         f"Pause 3 months; its interest is due with the first regular instalment{AS_BEFORE}"),
        ("defer:3,interest=end",
         f"Pause 3 months; its interest is due with the last instalment{AS_BEFORE}"),
        ("defer:3,interest=waive", f"Pause 3 months; no interest is charged{AS_BEFORE}"),
        ("defer:3,interest=pay", f"Pause 3 months; interest is paid{AS_BEFORE}"),
        ("defer:3,pays=1000",
         f"Pause 3 months, paying 1000 each; interest is added to the debt{AS_BEFORE}"),
        ("defer:3,pays=25%",
         f"Pause 3 months, paying 25% each; interest is added to the debt{AS_BEFORE}"),
        ("defer:3,keep=maturity",
         "Pause 3 months; interest is added to the debt; the end date stays"),
        ("defer:3,keep=payment",
         f"Pause 3 months; interest is added to the debt; the instalment stays, {AS_LONG}"),
        ("interest-only:3", "Pay interest only for 3 months; the end date stays"),
        ("interest-only:1,keep=count", f"Pay interest only for 1 month{AS_BEFORE}"),
        ("interest-only:3,keep=payment",
         f"Pay interest only for 3 months; the instalment stays, {AS_LONG}"),
        ("extend:6", "Add 6 instalments and spread the debt over all of them"),
        ("extend:1", "Add 1 instalment and spread the debt over all of them"),
        ("reduce:3000", f"Pay 3,000.00 an instalment, {AS_LONG}"),
        ("reduce:30%", f"Pay 3,149.14 an instalment (30 % less), {AS_LONG}"),
        ("reduce:3000,for=4",
         "Pay 3,000.00 an instalment for 4 months, then level instalments to the same end"),
        ("rate:10%", "Charge 10 % a year"),
        ("rate:10%,for=6", "Charge 10 % a year for 6 months"),
        ("rate:1%/month", "Charge 12 % a year"),
        ("rate:cut=2", "Cut the rate by 2 percentage points"),
        ("rate:cut=1.75,for=6", "Cut the rate by 1.75 percentage points for 6 months"),
        ("balloon:20%", "Leave 10,000.00 to pay with the last instalment, with interest"),
        ("set-aside:20%", "Set aside 10,000.00 without interest, due at the end"),
        ("forgive:10%", "Forgive 5,000.00 of the debt"),
        ("extra:5000,at=2", "Prepay 5,000.00 with payment 2; the term shortens"),
        ("extra:5000,then=instalment", "Prepay 5,000.00 with payment 1; the instalment falls"),
        ("step:50%x3/75%x2",
         "Pay 2,249.39 for 3, 3,374.08 for 2, then level instalments to the same end"),
        ("defer:0", "Nothing changes"),
        ("extra:0", "Nothing changes"),
    ],
)  # fmt: skip
def test_descriptions(plan: str, description: str) -> None:
    """A plan in plain words: its numbers, and what becomes of interest, count and instalment.

    The first is the design's own example.
    """
    assert line_of(founding(), plan).description == description


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ("arrears:capitalise", ["joins the debt", "penalty"]),
        ("arrears:set-aside,penalty=forgive", ["at the end", "forgiven"]),
        ("arrears:pay", ["first payment"]),
        ("arrears:spread", ["over the regular instalments"]),
        ("arrears:spread,over=3", ["over the first 3 instalments"]),
        ("arrears:spread,over=3,penalty=spread", ["over the first 3 instalments"]),
        ("forgive:50%,of=interest", ["384.93", "interest"]),  # of 769.85
        ("forgive:20,of=penalty", ["20.00", "penalty"]),
        ("balloon:10%", ["3,489.18"]),
    ],
)
def test_descriptions_in_arrears(plan: str, says: list[str]) -> None:
    """With arrears the words say what becomes of them, with the amounts."""
    description = line_of(founding(paid=4, missed=2), plan).description
    for words in says:
        assert words in description.replace("join the debt", "joins the debt")


def test_descriptions_of_other_periods() -> None:
    """Pauses of weekly loans are weeks, those of odd periods are periods."""
    assert "3 weeks" in line_of(founding(every="week"), "defer:3").description
    assert "3 periods" in line_of(founding(every="2 weeks"), "defer:3").description
    assert "1 year" in line_of(founding(every="year"), "defer:1").description
