"""The frame of the report: one file that loads nothing, in light and dark."""

from __future__ import annotations

from html import escape

from scvgraph.version import __version__

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
COLOURS = (
    "#3b6fd8",
    "#e08a1e",
    "#1d9a6c",
    "#c2472d",
    "#8457c9",
    "#149aa8",
    "#b3478f",
    "#7a7f36",
    "#5f6b7a",
    "#a9762f",
)
_STYLE = """
:root { color-scheme: light dark; --page:#f6f7f9; --card:#fff; --ink:#1b1f24; --quiet:#59636e; --line:#dfe3e8; --track:#eef1f4; --heat:59,111,216; }
@media (prefers-color-scheme: dark) { :root { --page:#14171b; --card:#1d2126; --ink:#e7eaee; --quiet:#9aa4af; --line:#333a42; --track:#272d34; --heat:120,160,250; } }
* { box-sizing: border-box }
body { margin:0; background:var(--page); color:var(--ink); font:16px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif }
main { max-width:66rem; margin:0 auto; padding:2.2rem 1.2rem 4rem }
h1 { font-size:1.8rem; line-height:1.2; margin:0 0 .4rem } h2 { font-size:1.2rem; margin:0 0 .3rem }
p { color:var(--quiet); margin:.2rem 0 .8rem; max-width:48rem }
section { background:var(--card); border:1px solid var(--line); border-radius:10px; padding:1rem 1.2rem; margin:1rem 0; break-inside:avoid }
.columns { display:grid; grid-template-columns:repeat(auto-fit,minmax(20rem,1fr)); gap:0 1rem } .columns > section { margin:.5rem 0 }
.wide { overflow-x:auto }
table { border-collapse:collapse; width:100%; font-size:.9rem } th { text-align:left; font-size:.8rem; color:var(--quiet); font-weight:600 }
th,td { padding:.25rem .7rem .25rem 0; border-bottom:1px solid var(--line); white-space:nowrap } td.number,th.number { text-align:right; font-variant-numeric:tabular-nums }
tr.sum td { font-weight:650; border-bottom:0; border-top:2px solid var(--line) }
td.heat { text-align:center; font-variant-numeric:tabular-nums; padding:.25rem .4rem }
ul.legend { display:flex; flex-wrap:wrap; gap:.2rem 1.1rem; list-style:none; margin:0 0 .6rem; padding:0; font-size:.85rem; color:var(--quiet) }
ul.legend i { display:inline-block; width:.8rem; height:.8rem; border-radius:2px; margin-right:.4rem; vertical-align:-1px }
svg { display:block; width:100%; height:auto } svg text { fill:var(--ink); font-size:12px } svg text.quiet { fill:var(--quiet) } svg line { stroke:var(--line) }
footer { color:var(--quiet); font-size:.82rem; margin-top:2rem; overflow-wrap:anywhere }
"""


def page(title: str, lead: str, sections: list[str], foot: str) -> str:
    """A whole document. sections: HTML; the rest is text."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(title)}</h1><p>{escape(lead)}</p>{''.join(sections)}"
        f"<footer>{escape(foot)} Made by scvgraph {__version__}. This file is complete: it loads nothing.</footer>"
        "</main></body></html>\n"
    )


def section(title: str, text: str, body: str) -> str:
    """A box with a heading and what it is about. body: HTML."""
    return f'<section><h2>{escape(title)}</h2><p>{escape(text)}</p><div class="wide">{body}</div></section>'


def columns(*sections: str) -> str:
    return f'<div class="columns">{"".join(sections)}</div>'


def colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def legend(names: list[str]) -> str:
    items = (f'<li><i style="background:{colour(n)}"></i>{escape(name)}</li>' for n, name in enumerate(names))
    return f'<ul class="legend">{"".join(items)}</ul>'


def table(head: list[str], rows: list[list[str | float]], *, total: bool = False) -> str:
    """Rows under a head, numbers to the right. total: the last row is a sum."""
    numbers = [any(_is_number(row[n]) for row in rows) for n in range(len(head))]
    heads = "".join(f"<th{_right(n)}>{escape(name)}</th>" for name, n in zip(head, numbers, strict=True))
    lines = []
    for at, row in enumerate(rows):
        cells = "".join(
            f"<td{_right(n)}>{escape(said(cell))}</td>" for cell, n in zip(row, numbers, strict=True)
        )
        lines.append(
            f'<tr class="sum">{cells}</tr>' if total and at == len(rows) - 1 else f"<tr>{cells}</tr>"
        )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def said(cell: str | float) -> str:
    """A cell for people: numbers to two digits, nothing for what is missing.

    >>> said(1234.5), said(3.0), said(float("nan")), said("a")
    ('1,234.50', '3', '', 'a')
    """
    if isinstance(cell, str):
        return cell
    if cell != cell:  # noqa: PLR0124 - NaN
        return ""
    return f"{cell:,.0f}" if float(cell).is_integer() else f"{cell:,.2f}"


def _right(number: bool) -> str:
    return ' class="number"' if number else ""


def _is_number(cell: str | float) -> bool:
    return not isinstance(cell, str) or cell.endswith("%")
