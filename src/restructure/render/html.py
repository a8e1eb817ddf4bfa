"""HTML: a page that stands alone, asks for nothing and runs nothing.

A result that has a page of its own is shown by it; any other as the table for people.
"""

from __future__ import annotations

from restructure.render._view import Setting, View


def render(view: View, setting: Setting) -> str:
    """Return the page of a result."""
    if view.page is not None:
        return view.page(setting)
    from restructure.money import Currency
    from restructure.render._page import Page
    from restructure.render._page.filling import fill

    table = view.table()
    notes = dict.fromkeys(column.help for column in table.columns if column.help)
    page = Page(Currency("", 2), setting.lang)
    return fill(page, "table.html.jinja", table=table, notes=list(notes))
