"""Sums without interest in a plan's sheet: what they put on top of each row, as formulas."""

from __future__ import annotations

from restructure.derivation import Top
from restructure.render._book import letter
from restructure.render._plan_frame import Frame


def formula_of_top(of: Frame, top: Top, row: int, number: int, position: int) -> str:
    """Return the formula of what a sum without interest puts on top of a row."""
    fixed = of.spare > 0
    paid, exponent = letter(of.columns["paid"]), of.loan.currency.exponent
    ends = (
        f"AND({of.at('paid', row)}>0,ROUND({of.at('balance', row)}+{of.at('interest', row)}"
        f"-{of.at('paid', row)},{exponent})=0)"
    )
    if top.kind == "others":
        now, late = [], []
        if number == of.start and of.trace.accrued["first"]:
            now.append(_kept(of, "first"))
        if number == top.paying and "arrears-pay" in of.cells:
            now.append(of.cells["arrears-pay"])
        if fixed or number == of.count - 1:
            late += [_kept(of, "end")] if of.trace.accrued["end"] else []
            late += [of.cells[k] for k in ("set_aside", "arrears-set-aside") if k in of.cells]
        if late and fixed:
            now.append(f"IF({ends},{'+'.join(late)},0)" if number >= of.start else "0")
        else:
            now += late
        return "+".join(now) or "0"
    if number < of.start:
        return "0"
    own = letter(of.columns[f"top{position}"])
    total = _kept(of, "spread") if top.kind == "spread" else of.cells["arrears-spread"]
    begin = of.first + of.start + 1
    taken = f"-SUM({own}{begin}:{own}{row})" if number > of.start else ""
    left = f"ROUND({total}{taken},{exponent})"
    over = of.loan.arrears.over if top.kind == "arrears-spread" else 0
    nth = number - of.start + 1
    if fixed:
        count = f'COUNTIF({paid}${begin}:{paid}${of.last + 1},">0")'
        count = f"MIN({over},{count})" if over else count
        part = f"ROUND(ROUND(({total})*unit,0)/{count},0)/unit"
        last = f"OR({ends},{nth}={over})" if over else ends
        return f"IF({of.at('paid', row)}=0,0,IF({last},{left},MIN({part},{left})))"
    if nth > top.over:
        return "0"
    if nth == top.over:
        return left
    return f"MIN(ROUND(ROUND(({total})*unit,0)/{top.over},0)/unit,{left})"


def _kept(of: Frame, how: str) -> str:
    """Return the sum of interest kept apart in the pauses that treat it in one way."""
    name = letter(of.columns["apart"])
    found = [
        f"{name}${of.first + number + 1}"
        for number, row in enumerate(of.rows)
        if row.rule == "stretch" and of.loan.stretches[row.stretch].unpaid == how
    ]
    return f"SUM({found[0]}:{found[-1]})" if _adjoin(found) else f"SUM({','.join(found)})"


def _adjoin(cells: list[str]) -> bool:
    rows = [int(cell.split("$")[1]) for cell in cells]
    return rows == list(range(rows[0], rows[-1] + 1))
