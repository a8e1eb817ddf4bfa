"""Filling in: the package's own templates, and those that a lender brings.

A template from outside runs in Jinja's sandbox: it reads no file, changes nothing and calls
nothing but what it is given. It may build on the package's own templates with `extends`.
"""

from __future__ import annotations

import os
from typing import Any

from restructure.errors import InvalidValue, UnreadableFile, visible
from restructure.reading import name_of, read_text
from restructure.render._page import BLANK, Page, need
from restructure.words import say, say_n

_FOLDER = "_page/templates"
_LARGEST = 1_000_000
KINDS = {".html": "html", ".htm": "html", ".md": "markdown", ".txt": "text"}
"""What a template fills in, by its suffix; a .jinja or .j2 behind it counts for nothing."""


def kind_of(path: str) -> str | None:
    """Return the kind of page that a file name stands for: letter.html.jinja is html."""
    stem, suffix = os.path.splitext(os.path.basename(path))
    if suffix.lower() in (".jinja", ".j2", ".jinja2"):
        suffix = os.path.splitext(stem)[1]
    return KINDS.get(suffix.lower())


def fill(page: Page, template: str, **context: Any) -> str:
    """Return one of the package's own templates, filled in."""
    return str(_environment(page).get_template(template).render(context))


def fill_file(page: Page, path: str, **context: Any) -> str:
    """Return a template from a file, filled in.

    Raises UnreadableFile for a file that cannot be read; InvalidValue, with the line, for a
    template that is wrong or asks for what there is not.
    """
    from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError

    name = name_of(path)
    source = read_text(path, say("a template"), _LARGEST)
    try:
        return str(_environment(page, (name, source)).get_template(name).render(context))
    except TemplateSyntaxError as error:
        raise _wrong(name, error.lineno, error.message or "is no template") from error
    except SecurityError as error:
        raise _wrong(name, _line(error, name), f"is not allowed: {error}") from error
    except TemplateError as error:
        raise _wrong(name, _line(error, name), str(error)) from error
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise _wrong(name, _line(error, name), str(error)) from error
    except (RecursionError, MemoryError, OverflowError) as error:
        raise UnreadableFile(say("is nested too deeply."), field=name) from error


def _wrong(name: str, line: int | None, reason: str) -> InvalidValue:
    reason = visible(reason.rstrip("."))[:200]
    if line is None:
        return InvalidValue(say("{name}: {reason}.", name=name, reason=reason))
    return InvalidValue(say("{name}, line {line}: {reason}.", name=name, line=line, reason=reason))


def _line(error: BaseException, name: str) -> int | None:
    """Return the line of the template in which an error came up: Jinja names it as the file."""
    found, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


def _environment(page: Page, own: tuple[str, str] | None = None) -> Any:
    need()
    from jinja2 import ChoiceLoader, FunctionLoader, PackageLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    loaders: list[Any] = [PackageLoader("restructure.render", _FOLDER)]
    if own is not None:
        name, source = own
        loaders.insert(
            0, FunctionLoader(lambda asked: (source, name, None) if asked == name else None)
        )
    env = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader(loaders),
        autoescape=page.kind == "html",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=page.shown,
    )
    env.filters["unmarked"] = page.unmarked
    env.globals.update(say=say, say_n=say_n, amount=page.amount, lang=page.lang, blank=BLANK)
    return env
