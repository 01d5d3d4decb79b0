"""HTML elements as text, safe by default: whatever is not markup already is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

_VOID = frozenset({"meta", "br", "hr", "col"})  # of HTML; those of SVG are closed like any other


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Part: TypeAlias = "str | int | float | None"


def element(tag: str, *parts: Part, **attributes: Part) -> Markup:
    """An element. parts: markup as it stands, all else as escaped text; None is left out, of attributes too.

    An underscore in the name of an attribute is a hyphen; one at its end keeps Python's own words free.

    >>> element("p", "a < b, ", element("b", "c"), class_="x & y")
    '<p class="x &amp; y">a &lt; b, <b>c</b></p>'
    """
    said = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    inside = joined(*parts)
    return Markup(f"<{tag}{said}>" if tag in _VOID and not inside else f"<{tag}{said}>{inside}</{tag}>")


def joined(*parts: Part) -> Markup:
    """Parts one after another.

    >>> joined("1 < 2", element("br"), None)
    '1 &lt; 2<br>'
    """
    return Markup(
        "".join(
            part if isinstance(part, Markup) else escape(str(part), quote=False)
            for part in parts
            if part is not None
        )
    )


def table(
    head: tuple[Part, ...],
    rows: Sequence[tuple[Part, ...]],
    numbers: tuple[int, ...] = (),
    kind: str | None = None,
    foot: tuple[Part, ...] | None = None,
) -> Markup:
    """A table. numbers: places of the columns that stand to the right. kind: a class of the page's style. foot: a last
    row that sums up.
    """

    def line(tag: str, cells: tuple[Part, ...]) -> Markup:
        return element(
            "tr",
            *(element(tag, cell, class_="number" if n in numbers else None) for n, cell in enumerate(cells)),
        )

    body = element("tbody", *(line("td", row) for row in rows))
    return element(
        "div",
        element(
            "table",
            element("thead", line("th", head)),
            body,
            element("tfoot", line("td", foot)) if foot is not None else None,
            class_=kind,
        ),
        class_="wide",
        tabindex="0",
    )
