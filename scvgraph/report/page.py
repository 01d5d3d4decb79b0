"""The frame of every page: one file that needs no network, in light and dark, readable on paper and on a telephone."""

from __future__ import annotations

from importlib import resources

from scvgraph.report.markup import Markup, Part, element, joined
from scvgraph.version import __version__

# Nothing may be loaded or run; only the style in the page itself counts.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(title: str, lead: Part, *sections: Markup) -> str:
    """A whole document. lead: the line below the title."""
    style = Markup(resources.files("scvgraph.report").joinpath("page.css").read_text("utf-8"))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", style),
    )
    body = element(
        "main",
        element("header", element("h1", title), element("p", lead)),
        *sections,
        element("footer", f"Made by scvgraph {__version__}. This file is complete: it loads nothing."),
    )
    return joined(
        Markup("<!doctype html>\n"), element("html", head, element("body", body), lang="en"), Markup("\n")
    )


def section(title: str, text: Part, *parts: Part) -> Markup:
    """A heading, what it is about, and what follows."""
    return element("section", element("h2", title), element("p", text) if text else None, *parts)


def card(title: str | None, note: Part, *parts: Part) -> Markup:
    """A box of its own with a heading and a quiet note beside it."""
    head = element("header", element("h3", title), element("span", note, class_="note")) if title else None
    return element("div", head, *parts, class_="card")
