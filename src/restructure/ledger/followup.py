"""Follow-up: is a schedule kept, and when do the observation periods after a plan end?

EBA: definition of default, EBA/GL/2016/07 (and GL/2026/05), and the implementing standard on
forborne exposures: a cure period of at least one year after default, a probation of at least
two years; both begin at the restructuring, or when a pause ends, if that is later.
China: 商业银行金融资产风险分类办法 (2023), restructured assets: from the first due date under the
amended contract, at least two consecutive repayment periods and one year.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from restructure.ledger.position import Position
from restructure.ledger.rules import INTEREST, PRINCIPAL

EBA_LATE = 30
"""More days past due than these end a forborne exposure's probation: it starts again."""


class Row(NamedTuple):
    """One instalment of a schedule on the day: amounts in minor units.

    `state`: to come, due, on time, late (paid after its day), short (paid in part), missed.
    `days_late` counts to the day of payment, or to the day of the position.
    """

    number: int
    due: date
    payment: int
    unpaid: int
    paid_on: date | None
    days_late: int
    state: str


class Counter(NamedTuple):
    """An observation period: what it is, since when it runs, when it ends at the earliest.

    `since` is None while an instalment is unpaid that must be paid before it runs again.
    `restarts` counts how often it began again; `met` says whether it has ended by the day.
    """

    name: str
    since: date | None
    ends: date | None
    restarts: int
    met: bool


class FollowUp(NamedTuple):
    """Whether a plan is kept. `clean` counts the latest instalments paid on time in a row,
    `clean_months` the whole months since the plan, its pause or the last lateness ended."""

    kept: bool
    counts: dict[str, int]
    clean: int
    clean_months: int
    counters: list[Counter]


def rows_of(position: Position) -> list[Row]:
    """Return the instalments of a position's schedule, those to come too."""
    schedule, as_of = position.schedule, position.as_of
    items = {item.number: item for item in position.items if item.number is not None}
    found = []
    for number, (due, payment) in enumerate(
        zip(schedule.due_dates(), schedule.payment, strict=True), start=1
    ):
        assert due is not None
        item = items.get(number)
        if item is None or not item.principal + item.interest:
            if not payment or due <= as_of:
                state = "paused" if not payment else "on time"
                found.append(Row(number, due, payment, 0, None, 0, state))
            else:
                found.append(Row(number, due, payment, payment, None, 0, "to come"))
            continue
        unpaid = item.owed[PRINCIPAL] + item.owed[INTEREST]
        late = ((item.cleared if not unpaid and item.cleared else as_of) - due).days
        if not unpaid:
            state = "late" if late else "on time"
        elif not late:
            state = "due"
        else:
            state = "short" if unpaid < item.principal + item.interest else "missed"
        found.append(Row(number, due, payment, unpaid, item.cleared, late, state))
    return found


def months_between(start: date, end: date) -> int:
    """Return the whole months from one day to another."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (after(start, months) > end)


def after(day: date, months: int) -> date:
    """Return the day so many months later; the last of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def follow_up(position: Position, since: date, defaulted: bool) -> FollowUp:
    """Return whether the plan agreed on `since` is kept, with its counters.

    `defaulted`: the exposure was in default when it was restructured; the two years of EBA's
    probation then follow the year of cure.
    """
    rows = rows_of(position)
    paying = [row for row in rows if row.payment]
    past = [row for row in paying if row.state not in ("to come", "due")]
    counts = {
        state: sum(1 for row in past if row.state == state)
        for state in ("on time", "late", "short", "missed")
    }
    clean = 0
    for row in reversed(past):
        if row.state != "on time":
            break
        clean += 1
    first = next((row.number for row in rows if row.payment), 1)
    begins = rows[first - 2].due if first > 1 else since
    broken = [row for row in past if row.state != "on time"]
    open_ = any(row.state in ("short", "missed") for row in broken)
    last_late = max((_ended(row, position.as_of) for row in broken), default=begins)
    clean_since = max(begins, last_late)
    clean_months = 0 if open_ else max(months_between(clean_since, position.as_of), 0)
    counters = [*_eba(rows, begins, position.as_of, defaulted), _china(paying, position.as_of)]
    kept = not open_ and position.cure == sum(position.due_today)
    return FollowUp(kept, counts, clean, clean_months, counters)


def _ended(row: Row, as_of: date) -> date:
    return row.paid_on if row.paid_on is not None and row.state == "late" else as_of


def _eba(rows: list[Row], begins: date, as_of: date, defaulted: bool) -> list[Counter]:
    late = [row for row in rows if row.days_late > EBA_LATE]
    open_ = any(row.state in ("short", "missed") for row in late)
    since = max([begins, *(_ended(row, as_of) for row in late)])
    names = ("EBA cure, 1 year", "EBA probation, 2 years")
    if open_:
        return [Counter(name, None, None, len(late), False) for name in names]
    cure = after(since, 12)
    probation = after(cure if defaulted else since, 24)
    unpaid = any(row.state in ("short", "missed") for row in rows)
    return [
        Counter(names[0], since, cure, len(late), as_of >= cure and not unpaid),
        Counter(
            names[1],
            cure if defaulted else since,
            probation,
            len(late),
            as_of >= probation and not unpaid,
        ),
    ]


def _china(paying: list[Row], as_of: date) -> Counter:
    name = "China observation, 2 periods and 1 year"
    missed = [k for k, row in enumerate(paying) if row.state in ("late", "short", "missed")]
    if any(paying[k].state != "late" for k in missed):
        return Counter(name, None, None, len(missed), False)
    first = missed[-1] + 1 if missed else 0
    if first >= len(paying):
        return Counter(name, None, None, len(missed), False)
    since = paying[first].due
    two = paying[min(first + 2, len(paying) - 1)].due
    ends = max(two, after(since, 12))
    return Counter(name, since, ends, len(missed), as_of >= ends)
