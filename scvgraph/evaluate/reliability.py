"""The reliability diagram as SVG, and a page around it that needs nothing else."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scvgraph.evaluate.calibration import Bin, Calibration

_SIDE, _LEFT, _TOP = 400, 56, 20  # of the square from 0 to 1, and the space beside it, in pixels

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #222; --paper: #fff; --soft: #777; --line: #ccc; --mark: #0b62a4; }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #eee; --paper: #161616; --soft: #aaa; --line: #444; --mark: #6cb6ee; }} }}
body {{ font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.4rem; }}
svg {{ max-width: 100%; height: auto; }}
svg text {{ fill: var(--ink); font: 13px system-ui, sans-serif; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
th, td {{ text-align: right; padding: .2rem .8rem; border-bottom: 1px solid var(--line); }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def reliability_page(found: Calibration, title: str) -> str:
    """A self-contained HTML page. title: any text; it is escaped."""
    return _PAGE.format(title=escape(title), body=reliability_section(found, title))


def reliability_section(found: Calibration, title: str) -> str:
    """The page's content: heading, what was measured, diagram and table, for a page of one's own."""
    rows = "\n".join(
        f"<tr><td>{b.low:g} to {b.high:g}</td><td>{b.predicted:.4f}</td><td>{b.observed:.4f}</td>"
        f"<td>{b.interval[0]:.4f} to {b.interval[1]:.4f}</td><td>{b.count:,}</td><td>{b.customers:,}</td></tr>"
        for b in found.bins
    )
    return (
        f"<h1>{escape(title)}</h1>\n"
        "<p>Confidence is the probability that a row showing an identifier and another row of its customer are one"
        " person's. On the diagonal it is what it says; below it, customers are less sure than they claim.</p>\n"
        f"<p>{found.memberships:,} memberships tested, {found.untested:,} without labelled rows on both sides."
        f" Mean confidence {found.predicted:.4f}, observed {found.observed:.4f}."
        f" Brier score {found.brier:.4f} ({found.constant:.4f} if the overall share were said of all),"
        f" expected calibration error {found.error:.4f}.</p>\n"
        f"{reliability_svg(found.bins)}\n"
        "<table>\n<thead><tr><th>confidence</th><th>predicted</th><th>observed</th><th>95% interval</th>"
        f"<th>memberships</th><th>customers</th></tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    )


def reliability_svg(bins: tuple[Bin, ...]) -> str:
    """Observed over predicted, a point for each bin with its interval; a point's area grows with its memberships."""
    most = max((b.count for b in bins), default=1)
    marks = "\n".join(_mark(b, most) for b in bins)
    ticks = "\n".join(_tick(n / 5) for n in range(6))
    width, height = _SIDE + _LEFT + 20, _SIDE + _TOP + 50
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="Reliability diagram:'
        ' observed share over confidence">\n'
        f"{ticks}\n"
        f'<line x1="{_x(0):g}" y1="{_y(0):g}" x2="{_x(1):g}" y2="{_y(1):g}" stroke="var(--soft, #777)"'
        ' stroke-dasharray="5 4"/>\n'
        f"{marks}\n"
        f'<text x="{_x(0.5):g}" y="{_y(0) + 40:g}" text-anchor="middle">confidence</text>\n'
        f'<text transform="translate(14 {_y(0.5):g}) rotate(-90)" text-anchor="middle">share that is one person</text>\n'
        "</svg>"
    )


def _mark(each: Bin, most: int) -> str:
    x, colour = _x(each.predicted), "var(--mark, #0b62a4)"
    radius = 3 + 7 * (each.count / most) ** 0.5
    return (
        f"<g><title>{each.count:,} memberships: said {each.predicted:.4f}, observed {each.observed:.4f}</title>"
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_y(each.interval[0]):.1f}" y2="{_y(each.interval[1]):.1f}"'
        f' stroke="{colour}" stroke-width="2"/>'
        f'<circle cx="{x:.1f}" cy="{_y(each.observed):.1f}" r="{radius:.1f}" fill="{colour}" fill-opacity=".75"/></g>'
    )


def _tick(at: float) -> str:
    return (
        f'<line x1="{_x(at):g}" y1="{_y(0):g}" x2="{_x(at):g}" y2="{_y(1):g}" stroke="var(--line, #ccc)"/>'
        f'<line x1="{_x(0):g}" y1="{_y(at):g}" x2="{_x(1):g}" y2="{_y(at):g}" stroke="var(--line, #ccc)"/>'
        f'<text x="{_x(at):g}" y="{_y(0) + 18:g}" text-anchor="middle">{at:g}</text>'
        f'<text x="{_x(0) - 8:g}" y="{_y(at) + 4:g}" text-anchor="end">{at:g}</text>'
    )


def _x(share: float) -> float:
    return _LEFT + share * _SIDE


def _y(share: float) -> float:
    return _TOP + (1 - share) * _SIDE
