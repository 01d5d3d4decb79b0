"""The frame of every page: one file that needs no network, in light and dark, readable on paper and on a telephone."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib import resources
from typing import TYPE_CHECKING

from scvgraph.report.markup import Markup, Part, element, joined
from scvgraph.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

# Nothing may be loaded; only the style in the page itself counts, and nothing runs but the script it was made with.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(
    title: str,
    lead: Part,
    *sections: Markup,
    style: str | None = None,
    script: str | None = None,
    note: str | None = None,
    contents: bool = False,
) -> str:
    """A whole document. lead: the line below the title. style, script: further files of this folder to put into it.
    note: of the footer. contents: whether links to the sections stand above them.
    """
    code = _text(script) if script else None
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(code)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", styles(*(style,) if style else ())),
    )
    body = element(
        "main",
        element("header", element("h1", title), element("p", lead), _contents(sections) if contents else None),
        *sections,
        element("footer", f"Made by scvgraph {__version__}. This file is complete: it loads nothing.", f" {note}" if note else None),
        element("script", Markup(code)) if code else None,
    )  # fmt: skip
    return joined(
        Markup("<!doctype html>\n"), element("html", head, element("body", body), lang="en"), Markup("\n")
    )


def styles(*more: str) -> Markup:
    """The style of every page, and of further files of this folder."""
    return Markup("".join(_text(name) for name in ("page.css", *more)))


def _text(name: str) -> str:
    return resources.files("scvgraph.report").joinpath(name).read_text("utf-8")


def _policy(code: str | None) -> str:
    if code is None:
        return _POLICY
    digest = base64.b64encode(hashlib.sha256(code.encode("utf-8")).digest()).decode("ascii")
    return f"{_POLICY}; script-src 'sha256-{digest}'"


class Section(Markup):
    """A section of a page. heading: its title, for the page's contents."""

    heading: str = ""


def section(title: str, text: Part, *parts: Part) -> Section:
    """A heading, what it is about, and what follows."""
    about = element("p", text) if text else None
    made = Section(element("section", element("h2", title), about, *parts, id=_anchor(title)))
    made.heading = title
    return made


def _anchor(title: str) -> str:
    """A title as the name of a place in the page.

    >>> _anchor("Models compared: value")
    'models-compared-value'
    """
    return "-".join(re.findall(r"\w+", title.lower()))


def _contents(sections: Sequence[Markup]) -> Markup:
    """Links to all sections."""
    titles = [part.heading for part in sections if isinstance(part, Section)]
    links = (element("li", element("a", title, href=f"#{_anchor(title)}")) for title in titles)
    return element("nav", element("ul", *links), aria_label="contents")


def tiles(figures: Sequence[tuple[str, Part, str | None]]) -> Markup:
    """Figures at a glance: name, figure, and what is said beside it."""
    boxes = (
        element(
            "div", element("dt", name), element("dd", value, " ", element("small", more) if more else None)
        )
        for name, value, more in figures
    )
    return element("dl", *boxes, class_="tiles")


def card(title: str | None, note: Part, *parts: Part) -> Markup:
    """A box of its own with a heading and a quiet note beside it."""
    head = element("header", element("h3", title), element("span", note, class_="note")) if title else None
    return element("div", head, *parts, class_="card")
