"""Write a letter that offers one plan to the borrower."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from restructure.cli._compared import compared
from restructure.cli._language import language
from restructure.cli._ledger import ledger_options
from restructure.cli._options import FILES, OUTPUT, loan_options, one_plan, read, send, tell
from restructure.cli._parties import parties_options, read_parties
from restructure.errors import UsageError, shown
from restructure.words import say


@loan_options
@ledger_options
@parties_options
def letter(
    values: dict[str, Any],
    ledger: dict[str, Any],
    parties: dict[str, Any],
    file: FILES = None,
    plan: Annotated[
        str | None,
        typer.Option(
            "--plan",
            metavar="PLAN",
            help=say("The plan: its name in the loan file, or a plan such as defer:3+extend:6."),
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option("--template", metavar="FILE", help=say("A template of your own, in Jinja.")),
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help=say("markdown or html."))
    ] = None,
    output: OUTPUT = None,
) -> None:
    """Write a letter that offers one plan to the borrower.

    In plain words: what changes, what to pay and when, what it costs in all, what happens if a
    payment is missed, and whom to ask. Names and dates come from the loan file or from options;
    what is missing is left blank.
    """
    from restructure.render._page import Page, need
    from restructure.render._page.filling import fill, fill_file, kind_of
    from restructure.render._page.letter import letter as letter_of

    need()
    kind = _kind(form, output, None if template is None else kind_of(template) or "text")
    given = read(file, None, values)
    if plan is None and len(given.plans) != 1:
        names = ", ".join(shown(known.name) for known in given.plans[:20])
        raise UsageError(
            say("a letter offers one plan; name it with --plan. The file has {names}.", names=names)
            if names
            else say("a letter offers one plan; name it with --plan, such as --plan defer:3.")
        )
    chosen = given.plans if plan is None else one_plan([plan], given.plans)
    who = read_parties(given, parties)
    comparison, notes, known = compared(given, ledger, file, chosen)
    day, credit = (known.position.as_of, known.position.credit) if known else (None, 0)
    content = letter_of(comparison, comparison.plans[-1], who, day, credit)  # raises if refused
    page = Page(comparison.loan.currency, language(), kind)
    if template is not None:
        text = fill_file(page, template, letter=content, **content._asdict())
    else:
        own = "letter.html.jinja" if kind == "html" else "letter.md.jinja"
        text = fill(page, own, letter=content)
    tell(notes)
    send(text, output)


def _kind(format: str | None, output: str | None, of_template: str | None) -> str:
    """Return the kind of page: that of the template, of --format, of the file, or Markdown."""
    from restructure.fields import option_choice
    from restructure.render._page.filling import kind_of

    if of_template is not None:
        if format is not None:
            raise UsageError(say("--template says itself what it makes; leave out --format."))
        return of_template
    if format is not None:
        return option_choice(format, "--format", ("markdown", "html"))
    found = kind_of(output) if output not in (None, "-") and output else "markdown"
    if found not in ("markdown", "html"):
        raise UsageError(
            say(
                "{file} does not say which format it is to have: .html or .md, or give --format "
                "markdown|html.",
                file=shown(output),
            )
        )
    return found
