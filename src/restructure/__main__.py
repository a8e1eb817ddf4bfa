"""`python -m restructure` is `restructure`."""

from restructure.cli import main

main()
