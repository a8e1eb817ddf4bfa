"""The view of what was solved."""

from __future__ import annotations

from typing import Any

from restructure.rates import percent_text
from restructure.render._compare import rate_number
from restructure.render._title import method_words
from restructure.render._view import Cell, Column, Table, View
from restructure.solutions import FOUND, Solution, Solved
from restructure.words import say


def record(answer: Solved) -> dict[str, Any]:
    """Return one answer with machine-readable names."""
    loan, schedule = answer.loan, answer.schedule
    money = loan.currency.decimal
    head: dict[str, Any] = {"found": answer.found}
    if schedule is None:
        return {**head, "payment": money(answer.payment), "refused": answer.refused}
    return {
        **head,
        "principal": money(loan.principal),
        "term": loan.term,
        "rate": rate_number(loan.rate),
        "payment": money(answer.payment),
        "last_payment": money(schedule.payment[-1]),
        "total_paid": money(sum(schedule.payment)),
        "total_interest": money(sum(schedule.interest)),
    }


def view(solution: Solution) -> View:
    """Return the view: a line an answer."""

    def records() -> list[dict[str, Any]]:
        return [record(answer) for answer in solution.answers]

    return View(
        document=lambda: {
            "schema": "restructure.solve/1",
            "currency": solution.answers[0].loan.currency.code,
            "notes": solution.notes,
            "answers": records(),
        },
        records=records,
        lines=records,
        table=lambda: table(solution),
    )


def table(solution: Solution) -> Table:
    """Return the table for people; what was found has a star."""
    loan = solution.answers[0].loan
    text = loan.currency.text
    names = (
        say("principal"),
        say("term"),
        say("rate"),
        say("payment"),
        say("last payment"),
        say("total interest"),
    )
    columns = [Column(name) for name in names]
    columns[4], columns[5] = columns[4]._replace(optional=1), columns[5]._replace(optional=2)
    rows: list[list[Cell]] = []
    below: list[str | tuple[str, str]] = []
    for answer in solution.answers:
        schedule = answer.schedule
        if schedule is None:
            below.append(
                say("No {found} fits: {refused}", found=FOUND[answer.found], refused=answer.refused)
            )
            continue
        texts = (
            text(answer.loan.principal),
            str(answer.loan.term),
            percent_text(answer.loan.rate),
            text(answer.payment),
            text(schedule.payment[-1]),
            text(sum(schedule.interest)),
        )
        rows.append(
            [Cell(word, name == answer.found) for name, word in zip(names, texts, strict=True)]
        )
    words = say(
        "{code}, {method}, every {each}",
        code=loan.currency.code,
        method=method_words(loan.method),
        each=loan.every.each,
    )
    return Table(words, columns, rows, below, star=say("found"))
