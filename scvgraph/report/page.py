"""The frame of every page: one file that needs no network, in light and dark, readable on paper and on a telephone."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from scvgraph.report.markup import Markup, Part, element, joined
from scvgraph.version import __version__

# Nothing may be loaded; only the style in the page itself counts, and nothing runs but the script it was made with.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(
    title: str,
    lead: Part,
    *sections: Markup,
    style: str | None = None,
    script: str | None = None,
    note: str | None = None,
) -> str:
    """A whole document. lead: the line below the title. style, script: further files of this folder to put into it.
    note: of the footer.
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
        element("header", element("h1", title), element("p", lead)),
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


def section(title: str, text: Part, *parts: Part) -> Markup:
    """A heading, what it is about, and what follows."""
    return element("section", element("h2", title), element("p", text) if text else None, *parts)


def card(title: str | None, note: Part, *parts: Part) -> Markup:
    """A box of its own with a heading and a quiet note beside it."""
    head = element("header", element("h3", title), element("span", note, class_="note")) if title else None
    return element("div", head, *parts, class_="card")
