"""Compare relief plans for every loan of a book."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from restructure.cli._book import CELL_MARK, MAPPING, SOURCE_FORM, TEXT_ENCODING
from restructure.cli._language import told
from restructure.cli._options import PLANS, check_writable, loan_options, tell
from restructure.cli._streams import abandon, complain
from restructure.comparison import DEFAULT_PLANS
from restructure.errors import UnreadableFile, UsageError, shown, visible
from restructure.fields import option_choice
from restructure.words import say

if TYPE_CHECKING:
    from restructure.measures import Plan
    from restructure.portfolio.run import Run

_FIRST = 10
"""So many rejects are repeated on standard error."""


@loan_options
def batch(
    values: dict[str, Any],
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help=say("Book of loans: CSV, JSON lines or Parquet; - is standard input."),
        ),
    ],
    plan: PLANS = None,
    plans_file: Annotated[
        str | None,
        typer.Option("--plans", metavar="FILE", help=say("TOML file with [[plan]] sections.")),
    ] = None,
    plan_column: Annotated[
        str | None,
        typer.Option(
            "--plan-column",
            metavar="COLUMN",
            help=say("Column with plans of each loan, between ;."),
        ),
    ] = None,
    no_agreed: Annotated[
        bool, typer.Option("--no-agreed", help=say("Leave out the line of the loan as agreed."))
    ] = False,
    mapping: MAPPING = None,
    source_form: SOURCE_FORM = None,
    cell_mark: CELL_MARK = None,
    text_encoding: TEXT_ENCODING = None,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns", metavar="NAME,..", help=say("Figures to write; a wrong one lists.")
        ),
    ] = None,
    prefix: Annotated[
        str, typer.Option("--prefix", metavar="TEXT", help=say("In front of the names of figures."))
    ] = "",
    format: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="FORM", help=say("csv, jsonl or parquet, for the output.")
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help=say("Write to FILE; its suffix gives the form.")
        ),
    ] = None,
    spreadsheet: Annotated[
        bool,
        typer.Option("--spreadsheet", help=say("With csv: texts that look like formulas get a '.")),
    ] = False,
    errors: Annotated[
        str | None,
        typer.Option("--errors", metavar="FILE", help=say("CSV of what was rejected, and why.")),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help=say("Go on where a run was that did not finish."))
    ] = False,
    restart: Annotated[
        bool, typer.Option("--restart", help=say("Begin anew where a run did not finish."))
    ] = False,
    jobs: Annotated[
        int,
        typer.Option("--jobs", metavar="N", min=1, max=256, help=say("Processes that compute.")),
    ] = 1,
    engine: Annotated[
        str,
        typer.Option(
            "--engine", metavar="ENGINE", help=say("auto, core or vector; figures are equal.")
        ),
    ] = "auto",
    chunk: Annotated[
        int | None,
        typer.Option(
            "--chunk", metavar="N", min=1, max=1_000_000, help=say("Loans worked on at once.")
        ),
    ] = None,
) -> None:
    """Compare relief plans for every loan of a book.

    One line a loan and plan: the loan's own columns, then the figures that compare gives. A
    column with the name of a loan option is that option; --map names others. A loan that cannot
    be computed is rejected with line, field, value and reason, and the others go on: pairs of
    loan and plan read are always those written and those rejected. Exit code 1 if any was.
    """
    from restructure.portfolio import prepared, setting_for
    from restructure.portfolio.columns import DEFAULT_COLUMNS, wanted
    from restructure.portfolio.forms import PARQUET, Form, delimiter_of, encoding_of, form_of
    from restructure.portfolio.run import Run, check_places, stdout_bytes, vector_engine
    from restructure.portfolio.source import open_book
    from restructure.portfolio.work import Job

    if resume and restart:
        raise UsageError(say("--resume goes on and --restart begins anew; give one of them."))
    asked = option_choice(engine, "--engine", ("auto", "core", "vector"))
    path = _path(output)
    check_places(file, path, errors)
    for where in (path, errors):
        if where is not None:
            check_writable(where)
    streamed = path is None or (os.path.exists(path) and not os.path.isfile(path))
    if (resume or restart) and (streamed or file == "-"):
        raise UsageError(say("--resume and --restart go with a FILE and with -o FILE."))
    come = form_of(file, source_form, "--from")
    go = form_of(path or "-", format, "--format", default=come if come != PARQUET else "csv")
    vector = vector_engine(asked)
    if PARQUET in (come, go):
        vector_engine("vector")  # needs the same packages
    form = Form(come, delimiter_of(file, cell_mark), encoding_of(text_encoding))
    plans = _plans(plan, plans_file, plan_column)
    with closing(open_book(file, form)) as source:
        setting = setting_for(
            source.header,
            mapping or [],
            values,
            wanted(columns) if columns else DEFAULT_COLUMNS,
            plan_column or "",
            not no_agreed,
            prefix,
        )
        job = Job(source.header, setting, prepared(plans), form, go, vector, spreadsheet)
        tell(_assumed(setting))
        facts = {} if streamed or file == "-" else _facts(file, job, chunk or 0)
        target = None if streamed else path
        made = Run(job, source, target, errors, jobs, chunk or 0, resume, restart, facts)
        if path is None:
            code = _run(made._replace(out=stdout_bytes()), file)
        elif streamed:  # a device or a named pipe
            with open(path, "wb") as out:
                code = _run(made._replace(out=out), file)
        else:
            code = _run(made, file)
    if code:
        raise typer.Exit(code)


def _path(output: str | None) -> str | None:
    if output == "":
        raise UsageError(say("--output is empty; give the name of a file."))
    return None if output == "-" else output


def _plans(given: list[str] | None, file: str | None, column: str | None) -> list[str | Plan]:
    plans: list[str | Plan] = list(given or [])
    if file is not None:
        from restructure.files import read_loan_file

        found = read_loan_file(file)
        if found.values or not found.plans:
            raise UsageError(
                say(
                    "--plans reads [[plan]] sections alone. Give what holds for all loans as "
                    "options, such as --currency EUR."
                )
            )
        plans += found.plans
    return plans if plans or column else list(DEFAULT_PLANS)


def _assumed(setting: Any) -> list[str]:
    if setting.default_rate:
        return [say("No column gives the rate: 14.4 % a year is assumed for all loans.")]
    return []


def _facts(file: str, job: Any, chunk: int) -> dict[str, Any]:
    """Return what has to be the same for a run to go on."""
    from restructure import __version__

    stat = os.stat(file)
    setting = job.setting
    return {
        "version": __version__,
        "FILE": os.path.realpath(file),
        "size of FILE": stat.st_size,
        "time of FILE": stat.st_mtime_ns,
        "plans": [[plan.name, plan.text] for plan in job.plans],
        "columns of the loan": dict(setting.fields),
        "options of the loan": {name: str(value) for name, value in setting.given.items()},
        "--columns": list(setting.columns),
        "--plan-column": setting.plan_column,
        "--no-agreed": not setting.agreed,
        "--prefix": setting.prefix,
        "form of FILE": list(job.form),
        "--format": job.to,
        "--spreadsheet": job.guard,
        "--chunk": chunk if job.to == "parquet" else 0,
    }


def _run(made: Run, file: str) -> int:
    """Run, with progress and what was rejected on standard error; return the exit code."""
    from restructure.cli._progress import progress
    from restructure.portfolio.run import run

    rejected = 0
    with progress(made.source, visible(os.path.basename(file))) as (watch, above):

        def repeat(words: list[str]) -> None:
            nonlocal rejected
            new = words[: max(_FIRST - rejected, 0)]
            rejected += len(words)
            for line in new:
                above(told(say("Rejected: {words}", words=visible(line))))

        made = made._replace(watch=watch)
        if made.errors is None:
            made = made._replace(tell=repeat)
        try:
            counts = run(made)
        except KeyboardInterrupt:
            if made.output is not None and file != "-":
                above(told(say("Interrupted. The same command with --resume goes on from here.")))
            raise
        except BrokenPipeError:  # the reader has seen enough, as in `| head -1`
            abandon()
            return 0
        except OSError as error:
            raise UnreadableFile(
                say("the output cannot be written: {reason}.", reason=error.strerror or error)
            ) from error
    if rejected > _FIRST:
        complain(told(say("Not all rejects are shown; --errors rejects.csv writes down each.")))
    if counts.low:
        words = say(
            "loans with a rate below 0.5 % a year: {count}. If the column holds fractions such as "
            "0.144, multiply it by 100: rates are in per cent.",
            count=f"{counts.low:,}",
        )
        tell([words])
    where = say(", see {path}", path=shown(made.errors)) if made.errors and counts.rejected else ""
    complain(
        told(
            say(
                "{loans} loans, {pairs} pairs of loan and plan: {written} written, "
                "{rejected} rejected{where}.",
                loans=f"{counts.loans:,}",
                pairs=f"{counts.pairs:,}",
                written=f"{counts.written:,}",
                rejected=f"{counts.rejected:,}",
                where=where,
            )
        )
    )
    return 1 if counts.rejected else 0
