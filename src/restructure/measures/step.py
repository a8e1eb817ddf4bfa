"""step: graduated instalments, for income that recovers step by step."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import ClassVar, NamedTuple, cast

from restructure.errors import InvalidValue, Refused, shown
from restructure.loan import LEVEL, Loan, Stretch
from restructure.measures._spec import MOST, Measure, Slot, choice_slot, instalment_of
from restructure.money import number
from restructure.rates import percent_text
from restructure.words import join, say

_STEP = re.compile(r"([^%x]*)%x([^%x]*)\Z")
_FORM = say("steps such as 50%x6/75%x6")


class Step(NamedTuple):
    """`rows` instalments of `share` of the as-agreed one."""

    share: Fraction
    rows: int


def _read(value: object, field: str) -> tuple[Step, ...]:
    steps = []
    for part in str(value).split("/"):
        match = _STEP.match(part)
        if not match:
            raise InvalidValue(
                say("{value} is not {form}.", value=shown(value), form=_FORM), field=field
            )
        share = number(match[1], field, _FORM)
        rows = number(match[2], field, _FORM)
        if share < 0 or share > 1000 or rows != int(rows) or not 0 <= rows <= MOST:
            raise InvalidValue(
                say(
                    "{part} is not {form}, with 0 to 1000 % and 0 to {most} instalments.",
                    part=shown(part),
                    form=_FORM,
                    most=MOST,
                ),
                field=field,
            )
        steps.append(Step(Fraction(share) / 100, int(rows)))
    return tuple(steps)


class GraduatedPayment(Measure):
    """Instalments in steps, in % of the as-agreed one, then level to the same end."""

    name = "step"
    summary = say("raise the instalment step by step")
    example = "step:50%x3/75%x3"
    value = Slot(
        _read, "P%xN/P%xM", say("% of the as-agreed instalment and how many, step by step")
    )
    keys: ClassVar[dict[str, Slot]] = {
        "of": choice_slot(
            say(
                "what the percentages are of: the as-agreed instalment, or the regular one "
                "after the steps, solved together with them"
            ),
            "agreed",
            "regular",
        ),
    }

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that were read."""
        return cast("tuple[Step, ...]", self.given["value"])

    def apply(self, loan: Loan) -> Loan:
        """Queue a stretch a step; the end date stays."""
        together = self.word("of") == "regular"
        if together and loan.method != LEVEL:
            raise Refused(say("step of=regular needs a loan with level instalments."))
        for share, rows in self.steps:
            if rows and together:
                loan = loan.then(Stretch(rows, 0, "capitalise", share=share), "maturity")
            elif rows:
                pays = loan.share(share, instalment_of(loan))
                loan = loan.then(Stretch(rows, pays, "capitalise"), "maturity")
        return loan

    def describe(self, loan: Loan) -> str:
        """Say what is paid in each step."""
        if self.word("of") == "regular":
            shares = join(
                say(", "),
                (
                    say("{share} for {rows}", share=percent_text(share), rows=rows)
                    for share, rows in self.steps
                ),
            )
            return say(
                "pay {shares} of the level instalments that follow to the same end", shares=shares
            )
        steps = join(
            say(", "),
            (
                say(
                    "{share} for {rows}",
                    share=loan.currency.text(loan.share(share, instalment_of(loan))),
                    rows=rows,
                )
                for share, rows in self.steps
            ),
        )
        return say("pay {steps}, then level instalments to the same end", steps=steps)
