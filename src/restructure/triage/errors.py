"""The file of lines that were not taken: CSV, one line each."""

from __future__ import annotations

import csv
from types import TracebackType

from restructure.errors import UnreadableFile, shown
from restructure.triage.book import Bad
from restructure.words import say

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ErrorFile:
    """A CSV with the columns line, loan, field, value and reason. Raises UnreadableFile."""

    def __init__(self, path: str) -> None:
        try:
            self._file = open(path, "w", encoding="utf-8", errors="backslashreplace", newline="")  # noqa: SIM115
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UnreadableFile(
                say("{path} cannot be written: {reason}.", path=shown(path), reason=reason)
            ) from error
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(Bad._fields)

    def __enter__(self) -> ErrorFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()

    def write_history(self, bad: Bad) -> None:
        """Write one line of the history."""
        self.write(bad._replace(reason=say("(history) {reason}", reason=bad.reason)))

    def write(self, bad: Bad) -> None:
        """Write a line. A text that a spreadsheet would run as a formula gets an apostrophe."""
        self._writer.writerow(
            "'" + text if isinstance(text, str) and text.startswith(_FORMULA) else text
            for text in bad
        )
