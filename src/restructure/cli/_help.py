"""Help in plain text: options in groups, and examples to copy."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

from restructure.cli._language import language, told
from restructure.words import say

GROUPS = {
    say("The loan"): ("principal", "term", "rate", "payment", "method", "every", "currency", "fee"),
    say("Where it stands today"): (
        "paid",
        "missed",
        "as_of",
        "penalty_rate",
        "outstanding",
        "remaining",
        "overdue_principal",
        "overdue_interest",
        "penalty",
        "fees",
    ),
    say("Dates and conventions"): (
        "start",
        "first_due",
        "due_day",
        "maturity",
        "business_days",
        "holidays",
        "day_count",
        "odd_first",
        "compounding",
        "rounding",
        "instalment_rounding",
        "decimals",
        "aprc",
        "unit_period",
    ),
    say("Particulars of the contract"): (
        "rate_changes",
        "principal_parts",
        "skip_months",
        "interest_months",
        "unpaid_interest",
        "capitalise_every",
    ),
    say("The household"): (
        "income",
        "basis",
        "expense",
        "flexible",
        "other_debt",
        "reserve",
        "limit",
    ),
    say("Payment history"): (
        "payments",
        "until",
        "entries",
        "waiting",
        "accept",
        "map",
        "date_format",
        "number_format",
        "delimiter",
        "encoding",
        "duplicates",
    ),
    say("Rules of the payment history"): (
        "allocation",
        "overpayment",
        "penalty_day_count",
        "compound",
        "compound_penalty",
        "late_fee",
        "late_fee_after",
        "penalty_cap",
        "rebate",
        "posting",
        "overdue",
        "last",
        "interest",
        "interest_cap",
        "interest_free_days",
        "late_fees",
    ),
    say("The made-up book"): ("loans", "seed", "month", "months"),
    say("The book"): (
        "mapping",
        "source_form",
        "cell_mark",
        "text_encoding",
        "plans_file",
        "plan_column",
        "no_agreed",
    ),
    say("Early warning"): (
        "history",
        "scheme",
        "share",
        "by",
        "pd",
        "lgd",
        "cheapest_for",
        "horizon",
        "held_out",
        "top",
        "show",
    ),
    say("The run"): ("errors", "resume", "restart", "jobs", "engine", "chunk"),
    say("Letter"): (
        "lender",
        "contact",
        "signed",
        "borrower",
        "reference",
        "date",
        "answer_by",
        "template",
    ),
    say("Output"): (
        "prefix",
        "spreadsheet",
        "lens",
        "columns",
        "plan_fee",
        "schedules",
        "chart",
        "format",
        "form",
        "output",
        "lang",
        "help",
    ),
}
"""The headings of a command's help with their options; the others come first, as "Plans"."""

EXAMPLES = {
    "": (
        "restructure compare --principal 50000 --term 12 --rate 14.4",
        "restructure compare --principal 50000 --term 12 --paid 4 --missed 2",
        "restructure schedule --principal 50000 --term 12 --plan defer:3",
        "restructure measures",
    ),
    "compare": (
        "restructure compare --principal 50000 --term 12 --rate 14.4",
        "restructure compare loan.toml --plan extend:6..24/6 --format csv",
        "restructure compare --principal 50000 --term 12 --paid 4 --missed 2 \\",
        "    --plan breather=defer:3+extend:6 --plan reduce:3000",
    ),
    "schedule": (
        "restructure schedule --principal 50000 --term 12 --rate 14.4 --plan defer:3",
        "restructure schedule loan.toml --start 2026-01-15 -o rows.csv",
    ),
    "solve": (
        "restructure solve --principal 50000 --term 12 --rate 14.4",
        "restructure solve --principal 50000 --term 12 --payment 4498.77",
        "restructure solve --principal 50000 --term 12 --rate 14.4 --payment 3000",
    ),
    "afford": (
        "restructure afford --principal 50000 --term 12 --income 8000 \\",
        "    --expense rent=2500 --expense food=1200 --limit china",
    ),
    "advise": (
        "restructure advise --principal 50000 --term 12 --capacity 0x3,5000",
        "restructure advise loan.toml --income 3000x4,8000 --expense rent=2500",
        "restructure advise --principal 50000 --term 12 --capacity 2000 \\",
        "    --programme cn-card-article-70",
    ),
    "status": (
        "restructure status loan.toml --start 2026-01-15 --payments payments.csv \\",
        "    --as-of 2026-06-30 --until 2026-07-31",
        "restructure status loan.toml --start 2026-01-15 --payments payments.csv \\",
        "    --as-of 2026-06-30 --ledger --format csv",
    ),
    "report": (
        "restructure report loan.toml -o offer.html",
        "restructure report --principal 50000 --term 12 --plan defer:3 -o offer.html",
    ),
    "account": (
        "restructure account loan.toml --start 2026-01-15 --payments payments.csv \\",
        "    --as-of 2026-06-30 --overpayment shorten",
        "restructure account loan.toml --start 2026-01-15 --interest-cap 100%",
    ),
    "letter": (
        "restructure letter loan.toml --plan defer:3 -o letter.html",
        "restructure letter loan.toml --plan defer:3 --lender 'Example Bank'",
    ),
    "measures": ("restructure measures", "restructure measures defer"),
    "batch": (
        "restructure batch loans.csv --plan defer:3 --plan extend:12 -o out.csv",
        "restructure batch loans.csv --errors rejects.csv --columns payment,npv_loss \\",
        "    --no-agreed -o out.jsonl",
        "restructure batch loans.csv --resume -o book.parquet",
    ),
    "sample": (
        "restructure sample --loans 1000 --seed 1 -o book.csv",
        "restructure sample --loans 500 --history states.csv --months 18 -o book.jsonl",
    ),
    "triage": (
        "restructure triage book.csv",
        "restructure triage book.csv --history states.csv --plan defer:3 \\",
        "    --plan rate:cut=2+extend:12 --show segments",
        "restructure triage book.csv --history states.csv --format json -o triage.json",
    ),
    "yield": (
        "restructure yield flows.csv",
        "restructure yield flows.csv --aprc act/365 --format json",
    ),
    "completion": (
        "restructure completion bash",
        "restructure completion zsh -o _restructure",
    ),
}
"""Command lines for each command's help; "" is that of restructure itself."""


def write_examples(name: str, formatter: Any) -> None:
    """Write the examples of a command."""
    with formatter.section(told(say("Examples"))):
        for line in EXAMPLES[name]:
            formatter.write(f"  {line}\n")


def help_of(command: Any, ctx: Any, lang: str) -> str:
    """Return the help of a command in another language than English."""
    from restructure.cli._wide import wide_formatter

    formatter = wide_formatter(lang)
    command.format_help(ctx, formatter)
    return str(formatter.getvalue())


class GroupedCommand(TyperCommand):
    """A command whose help has a heading for each kind of option."""

    def get_help(self, ctx: Any) -> str:
        """Return the help in the language of this run."""
        return super().get_help(ctx) if language() == "en" else help_of(self, ctx, language())

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options under their headings."""
        homes = {name: heading for heading, names in GROUPS.items() for name in names}
        places = list(homes)
        first, others = say("Arguments"), say("Plans")
        found: dict[str, list[tuple[str, str]]] = {first: [], others: []}
        found.update((heading, []) for heading in GROUPS)
        params = {str(param.name): param for param in self.get_params(ctx)}
        for name in sorted(params, key=lambda name: places.index(name) if name in homes else -1):
            record = params[name].get_help_record(ctx)
            if record is not None:
                is_argument = params[name].param_type_name == "argument"
                found[first if is_argument else homes.get(name, others)].append(record)
        for heading, records in found.items():
            if records:
                with formatter.section(told(heading)):
                    formatter.write_dl(records)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write examples below the options."""
        write_examples(str(self.name), formatter)
