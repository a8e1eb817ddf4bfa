"""Books of made-up loans for trials and benchmarks, each marked as synthetic.

Loan number i depends on the seed and on i alone: the first thousand of a million loans are the
thousand of a smaller book, and a book can be made in pieces. Everything is worked out in whole
numbers, so that NumPy only makes it faster: the values are the same without.
"""

from __future__ import annotations

from restructure.sample.book import COLUMNS, HISTORY, Book

__all__ = ["COLUMNS", "HISTORY", "Book"]
