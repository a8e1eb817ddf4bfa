"""Work on one chunk: loans in, results and rejects out as bytes that only need to be joined.

A chunk is worked on without knowing of any other, so that chunks can go to several processes
and a run can be resumed after any of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from restructure.measures import Plan
from restructure.portfolio import text
from restructure.portfolio.columns import Setting
from restructure.portfolio.forms import CSV, JSONL, PARQUET, Form
from restructure.portfolio.parse import NoRow, Row, rows
from restructure.portfolio.rows import Reject, evaluate_row
from restructure.portfolio.source import Chunk
from restructure.words import say

REJECT_COLUMNS = ("line", "plan", "pairs", "field", "value", "reason")
_SHOWN = 11
"""So many rejects of a chunk go to whoever watches the run: one more than are repeated."""


class Job(NamedTuple):
    """All that a worker has to know. It can be pickled.

    `parts` is the folder for the results of chunks on their way into a Parquet file.
    """

    header: list[str]
    setting: Setting
    plans: list[Plan]
    form: Form
    to: str
    vector: bool
    guard: bool = False
    parts: str = ""

    @property
    def pairs(self) -> int:
        """Pairs of a loan that cannot be read; of a plan column's plans at least one."""
        return len(self.plans) + self.setting.agreed + bool(self.setting.plan_column)

    @property
    def used(self) -> list[str]:
        """The columns that are computed with."""
        names = dict.fromkeys([*self.setting.fields.values(), self.setting.plan_column])
        return [name for name in self.header if name in names]

    def head(self) -> bytes:
        """Return what stands above the results."""
        if self.to != CSV:
            return b""
        names = [*self.header, *self.setting.names]
        return text.to_bytes(text.csv_line(names, self.guard) + "\n")


class Done(NamedTuple):
    """What became of a chunk: results, rejects, counts, and the first rejects for people.

    Results are bytes to write; those for Parquet are kept in the file `part`.
    """

    results: bytes
    rejects: bytes
    loans: int
    written: int
    rejected: int
    low: int
    shown: list[str]
    part: str = ""


class Found(NamedTuple):
    """A reject with the line it is about."""

    line: int
    reject: Reject


def work(job: Job, chunk: Chunk) -> Done:
    """Return the results and rejects of a chunk. Nothing about its loans raises."""
    rejects: list[Found] = []
    low = 0
    rate = job.setting.fields.get("rate", "")
    part = _part(job, chunk) if job.to == PARQUET else ""
    if job.form.name == PARQUET:
        if rate:
            low = sum(map(_low, chunk.records.column(rate).to_pylist()))
        lines = range(chunk.line + 1, chunk.line + 1 + chunk.records.num_rows)
        loans = len(lines)
        if job.vector or job.to == PARQUET:
            results, written = _by_batch(job, part, chunk.records, None, lines, rejects)
        else:
            records = [
                Row(line, record, "")
                for line, record in zip(lines, chunk.records.to_pylist(), strict=True)
            ]
            results, written = _by_rows(job, records, rejects)
    else:
        found = list(_good(job, chunk, rejects))
        loans = len(found) + len(rejects)
        low = sum(_low(row.record.get(rate)) for row in found) if rate else 0
        if job.vector or job.to == PARQUET:
            from restructure.portfolio.tables import text_batch

            names = job.header if job.to == PARQUET else job.used
            batch = text_batch([row.record for row in found], names)
            lines_of = [row.line for row in found]
            results, written = _by_batch(job, part, batch, found, lines_of, rejects)
        else:
            results, written = _by_rows(job, found, rejects)
    rejects.sort(key=lambda found: found.line)  # stable: the plans of a loan keep their order
    return Done(
        results,
        text.to_bytes("".join(map(_reject_line, rejects))),
        loans,
        written,
        sum(found.reject.pairs for found in rejects),
        low,
        [_words(found) for found in rejects[:_SHOWN]],
        part,
    )


def _low(value: Any) -> bool:
    """Return whether a rate is so low that it may be meant as a fraction: 0.144 for 14.4 %."""
    try:
        return 0 < float(value) < 0.5
    except (TypeError, ValueError):  # nothing, or with a sign or a unit: 0.04%/day
        return False


def reject_head() -> bytes:
    """Return the first line of the file of rejects."""
    return text.to_bytes(",".join(REJECT_COLUMNS) + "\n")


def _good(job: Job, chunk: Chunk, rejects: list[Found]) -> Iterator[Row]:
    """Yield the loans of a chunk of text; what is none goes to the rejects."""
    used = job.used
    for row in rows(chunk, job.header, job.form):
        if isinstance(row, NoRow):
            reject = Reject(0, "", job.pairs, "", row.value, row.reason)
            rejects.append(Found(row.line, reject))
        elif job.form.name == JSONL:
            made = _as_text(job, row, used)
            if isinstance(made, Reject):
                rejects.append(Found(row.line, made))
            else:
                yield made
        else:
            yield row


def _as_text(job: Job, row: Row, used: list[str]) -> Row | Reject:
    """Return a record of JSON with its fields as text, as both engines and all forms read them."""
    changed: dict[str, Any] = {}
    for name in used:
        value = row.record.get(name)
        if isinstance(value, bool | list | dict):
            words = say("is {what}; give a number or a text.", what=text.json_text(value)[:60])
            return Reject(0, "", job.pairs, name, text.json_text(value)[:200], words)
        if isinstance(value, int | Decimal):
            changed[name] = _digits(value)
    if job.setting.prefix or len(row.record) != len(job.header):
        clash = next((name for name in job.setting.names if name in row.record), None)
        if clash is not None:
            words = say("is the name of a result; choose another --prefix.")
            return Reject(0, "", job.pairs, clash, "", words)
    return row._replace(record=_Overlaid(row.record, changed)) if changed else row


class _Overlaid(dict[str, Any]):
    """A record whose fields are read as text; its own values stay for what is carried along."""

    def __init__(self, own: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
        super().__init__({**own, **changed})
        self.own = own


def _digits(value: int | Decimal) -> str:
    if isinstance(value, int):
        return str(value) if abs(value) < 10**60 else "1" + "0" * 60
    return f"{value:f}" if abs(value.adjusted()) < 40 else str(value)


def _by_rows(job: Job, found: Sequence[Row], rejects: list[Found]) -> tuple[bytes, int]:
    """Return the results of the reference as text."""
    out: list[str] = []
    heads = text.json_figures(job.setting.names)
    for row in found:
        outcome = evaluate_row(row.record, job.plans, job.setting)
        rejects.extend(Found(row.line, reject) for reject in outcome.rejects)
        if not outcome.lines:
            continue
        own = own_text(job, row)
        for line in outcome.lines:
            if job.to == CSV:
                out.append(f"{own},{text.csv_line(line, job.guard)}\n")
            else:
                figures = "".join(map("".join, zip(heads, map(text.json_value, line), strict=True)))
                out.append(f"{own}{figures if own != '{' else figures[2:]}}}\n")
    return text.to_bytes("".join(out)), len(out)


def own_text(job: Job, row: Row) -> str:
    """Return a loan's own columns as text: its own text where that says the same."""
    record = row.record
    own = record.own if isinstance(record, _Overlaid) else record
    if job.to == CSV:
        if row.text and job.form.name == CSV and job.form.delimiter == "," and not job.guard:
            return row.text
        return text.csv_line([own.get(name) for name in job.header], job.guard)
    if row.text and job.form.name == JSONL:
        return text.json_opened(row.text)
    return text.json_own(own)


def _by_batch(
    job: Job,
    part: str,
    batch: Any,
    found: Sequence[Row] | None,
    lines: Sequence[int],
    rejects: list[Found],
) -> tuple[bytes, int]:
    """Return the results of a record batch of loans, for Parquet or as text."""
    from restructure.portfolio import tables
    from restructure.portfolio.parts import keep

    if job.to == PARQUET:
        results, refused = tables.evaluated(batch, job.plans, job.setting, job.vector)
        keep(part, results)
        made = b""
    else:
        numbered = tables.numbered(batch.select(job.used))
        results, refused = tables.evaluated(numbered, job.plans, job.setting, job.vector)
        if found is None:
            records = batch.to_pylist()
            own = [own_text(job, Row(0, record, "")) for record in records]
        else:
            own = [own_text(job, row) for row in found]
        made = tables.as_text(results, own, job.setting, job.to, job.guard)
    rejects.extend(Found(lines[reject.row], reject) for reject in refused)
    return made, results.num_rows


def _part(job: Job, chunk: Chunk) -> str:
    from restructure.portfolio.parts import part

    return part(job.parts, chunk.line)


def _reject_line(found: Found) -> str:
    reject = found.reject
    values = (reject.plan, reject.pairs, reject.field, reject.value, reject.reason)
    return f"{found.line},{text.csv_line(values, guard=True)}\n"


def _words(found: Found) -> str:
    """Return a reject for people."""
    reject = found.reject
    about = " ".join(part for part in (reject.plan, reject.field) if part)
    return say(
        "line {line}: {about}{reason}",
        line=found.line,
        about=f"{about}: " if about else "",
        reason=reject.reason,
    )
