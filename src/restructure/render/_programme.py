"""The view of a programme at work: each step, its effect, and where it stopped."""

from __future__ import annotations

from typing import Any

from restructure.programmes import Done, Outcome
from restructure.rates import percent_text
from restructure.render._compare import loan as loan_record
from restructure.render._compare import rate_number
from restructure.render._view import Cell, Column, Table, View
from restructure.words import say


def record(place: int, done: Done) -> dict[str, Any]:
    """Return a step and its effect with machine-readable names."""
    loan = done.loan
    money = loan.currency.decimal
    return {
        "step": place,
        "do": done.step.do if done.step else "",
        "applied": done.applied,
        "effect": done.words,
        "rate": rate_number(loan.rate),
        "term": loan.count + sum(stretch.rows for stretch in loan.stretches),
        "interest_bearing": money(loan.bearing),
        "set_aside": money(loan.set_aside),
        "instalment": money(done.instalment),
        "loan_to_value": rate_number(done.ratio),
        "met": done.met,
    }


def view(outcome: Outcome) -> View:
    """Return the view: a line a step."""

    def lines() -> list[dict[str, Any]]:
        return [record(place, done) for place, done in enumerate(outcome.done, start=1)]

    def records() -> list[dict[str, Any]]:
        return [{k: "" if v is None else v for k, v in line.items()} for line in lines()]

    return View(lambda: document(outcome, lines()), records, lines, lambda: table(outcome))


def document(outcome: Outcome, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the document `restructure.programme/1`."""
    programme, money = outcome.programme, outcome.before.currency.decimal
    return {
        "schema": "restructure.programme/1",
        "currency": outcome.before.currency.code,
        "loan": loan_record(outcome.before),
        "programme": programme.name,
        "title": programme.title,
        "source": programme.source,
        "effective_from": programme.effective_from,
        "effective_to": programme.effective_to,
        "unconfirmed": list(programme.unconfirmed),
        "notes": list(programme.notes),
        "old_instalment": money(outcome.before.instalment or 0),
        "target": None if outcome.target is None else money(outcome.target),
        "steps": lines,
        "met": outcome.met,
        "stopped": outcome.stopped,
    }


def table(outcome: Outcome) -> Table:
    """Return the steps for people, and below them where it stopped and on whose word."""
    text, programme = outcome.before.currency.text, outcome.programme
    columns = [
        Column(say("step"), right=False),
        Column(say("rate")),
        Column(outcome.before.every.heading),
        Column(say("bears\ninterest")),
        Column(say("set aside")),
        Column(say("instalment")),
        Column(say("of the\nvalue"), optional=1),
        Column(say("target"), right=False),
    ]
    rows: list[list[Cell]] = []
    below: list[str | tuple[str, str]] = []
    for place, done in enumerate(outcome.done, start=1):
        line = record(place, done)
        cells = [
            f"{place} {line['do']}",
            percent_text(done.loan.rate),
            str(line["term"]),
            text(done.loan.bearing),
            text(done.loan.set_aside),
            text(done.instalment),
            "" if done.ratio is None else f"{done.ratio * 100:.2f} %",
            say("met") if done.met else "",
        ]
        rows.append([Cell(cell) for cell in cells])
        note = say(" {note}", note=done.step.note) if done.step and done.step.note else ""
        below.append(
            (f"{place} {line['do']}", say("{description}.", description=done.words) + note)
        )
    old = outcome.before.instalment or 0
    aim = "" if outcome.target is None else say(", target {target}", target=text(outcome.target))
    below += [outcome.stopped, say("Source: {source}.", source=programme.source)]
    if programme.effective_from:
        start, end = programme.effective_from, programme.effective_to
        if end:
            below.append(say("In effect from {start} to {end}.", start=start, end=end))
        else:
            below.append(say("In effect from {start}.", start=start))
    below += [say("Not confirmed: {line}", line=line) for line in programme.unconfirmed]
    below += programme.notes
    return Table(
        say("{title}: old instalment {old}{aim}", title=programme.title, old=text(old), aim=aim),
        columns,
        rows,
        below,
    )
