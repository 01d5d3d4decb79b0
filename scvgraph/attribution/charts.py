"""Charts of the report as SVG and tables, without a library and without scripts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from scvgraph.attribution.page import colour, said
from scvgraph.journeys.lines import CONVERSION, NULL, OTHERS

if TYPE_CHECKING:
    import pandas as pd

_WIDTH = 900
_NAME = 150  # room for names at the left


def grouped_bars(rows: list[tuple[str, list[float]]], series: list[str]) -> str:
    """For each row a bar of every series; negative values go to the left of zero."""
    values = [value for _, bars in rows for value in bars]
    low, high = min([0.0, *values]), max([0.0, *values])
    scale = (_WIDTH - _NAME - 80) / ((high - low) or 1)
    zero, thick = _NAME - low * scale, 9
    step = thick * len(series) + 12
    parts = []
    for at, (name, bars) in enumerate(rows):
        top = at * step
        parts.append(_text(_NAME - 8, top + step / 2 - 2, name, anchor="end"))
        for n, value in enumerate(bars):
            x, width = zero + min(value, 0) * scale, abs(value) * scale
            tip = f"{name}, {series[n]}: {said(round(value, 2))}"
            parts.append(_rect(x, top + n * thick, max(width, 0.5), thick - 1, colour(n), tip))
            parts.append(
                _text(zero + max(value, 0) * scale + 4, top + n * thick + 8, said(round(value, 1)), size=9)
            )
    parts.append(f'<line x1="{zero:.1f}" y1="0" x2="{zero:.1f}" y2="{len(rows) * step}"/>')
    return _svg(_WIDTH, max(len(rows) * step, 20), parts)


def stacked_columns(names: list[str], stacks: list[list[float]], series: list[str], height: int = 240) -> str:
    """A column for each name, of parts stacked in the order of the series; parts below 0 hang from the line."""
    top = max([sum(max(v, 0) for v in stack) for stack in stacks], default=0) or 1
    deep = max([sum(max(-v, 0) for v in stack) for stack in stacks], default=0)
    room = height - 30
    scale = room / (top + deep)
    width = (_WIDTH - 70) / max(len(names), 1)
    zero = 10 + top * scale
    parts = [
        _text(60, 16, said(round(top, 1)), anchor="end", quiet=True),
        _text(60, zero, "0", anchor="end", quiet=True),
    ]
    every = max(1, len(names) // 14 + 1)
    for at, (name, stack) in enumerate(zip(names, stacks, strict=True)):
        up = down = zero
        for n, value in enumerate(stack):
            size = abs(value) * scale
            y = up - size if value >= 0 else down
            parts.append(
                _rect(
                    66 + at * width,
                    y,
                    width * 0.86,
                    size,
                    colour(n),
                    f"{name}, {series[n]}: {said(round(value, 2))}",
                )
            )
            up, down = (up - size, down) if value >= 0 else (up, down + size)
        if at % every == 0:
            parts.append(
                _text(66 + (at + 0.43) * width, height - 4, name, anchor="middle", quiet=True, size=10)
            )
    parts.append(f'<line x1="66" y1="{zero:.1f}" x2="{_WIDTH}" y2="{zero:.1f}"/>')
    return _svg(_WIDTH, height, parts)


def histogram(bars: list[tuple[str, float]], marks: str, height: int = 200) -> str:
    """A column for each name. marks: what to say above, such as the median."""
    width = 430
    top = max([value for _, value in bars], default=0) or 1
    each = (width - 10) / max(len(bars), 1)
    parts = [_text(width, 12, marks, anchor="end", quiet=True)]
    for at, (name, value) in enumerate(bars):
        size = value / top * (height - 50)
        parts.append(
            _rect(5 + at * each, height - 22 - size, each * 0.84, size, colour(0), f"{name}: {said(value)}")
        )
        if at % (len(bars) // 12 + 1) == 0:
            parts.append(
                _text(5 + (at + 0.42) * each, height - 6, name, anchor="middle", quiet=True, size=10)
            )
    return _svg(width, height, parts)


def heat_map(matrix: pd.DataFrame) -> str:
    """A matrix of shares as a table whose cells are the darker the larger they are."""
    head = "".join(f"<th>{escape(str(name))}</th>" for name in matrix.columns)
    rows = []
    for name, row in zip(matrix.index, matrix.to_numpy().tolist(), strict=True):
        cells = "".join(
            f'<td class="heat" style="background:rgba(var(--heat),{0.85 * share:.3f})">{f"{share:.0%}" if share >= 0.005 else ""}</td>'
            for share in row
        )
        rows.append(f"<tr><th>{escape(str(name))}</th>{cells}</tr>")
    return f"<table><thead><tr><th>from, to</th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def sankey(links: pd.DataFrame, height: int = 380) -> str:
    """Links (step, source, target, journeys) as flows from column to column."""
    flows = list(links[["step", "source", "target", "journeys"]].itertuples(index=False, name=None))
    if not flows:
        return ""
    nodes: dict[tuple[int, str], list[float]] = {}
    for step, source, target, size in flows:
        nodes.setdefault((step - 1, source), [0.0, 0.0])[1] += size
        nodes.setdefault((step, target), [0.0, 0.0])[0] += size
    last = max(step for step, _ in nodes)
    size_of = {node: max(flow) for node, flow in nodes.items()}
    whole = sum(size_of[node] for node in nodes if node[0] == 0)
    most = max(sum(1 for node in nodes if node[0] == column) for column in range(last + 1))
    scale, gap = (height - 14 * most) / (whole or 1), 14.0
    names = sorted({name for _, name in nodes}, key=lambda name: (name in (CONVERSION, NULL, OTHERS), name))
    shade = {name: colour(n) for n, name in enumerate(names)}
    place, across = {}, (_WIDTH - 130) / max(last, 1)
    for column in range(last + 1):
        top = 4.0
        for node in sorted((n for n in nodes if n[0] == column), key=lambda n: names.index(n[1])):
            place[node] = [column * across, top, top, top]  # x, top, where links leave, where they come in
            top += size_of[node] * scale + gap
    parts = []
    for step, source, target, size in flows:
        one, other, thick = place[(step - 1, source)], place[(step, target)], size * scale
        (x1, y1), (x2, y2) = (one[0] + 12, one[2] + thick / 2), (other[0], other[3] + thick / 2)
        one[2], other[3] = one[2] + thick, other[3] + thick
        middle = (x1 + x2) / 2
        tip = f"<title>{escape(f'{source} to {target}: {said(size)}')}</title>"
        parts.append(
            f'<path d="M{x1:.1f},{y1:.1f}C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {x2:.1f},{y2:.1f}" fill="none"'
            f' stroke="{shade[source]}" stroke-opacity=".32" stroke-width="{max(thick, 0.6):.1f}">{tip}</path>'
        )
    for node, (x, top, _, _) in place.items():
        tall = max(size_of[node] * scale, 1)
        parts.append(_rect(x, top, 12, tall, shade[node[1]], f"{node[1]}: {said(size_of[node])}"))
        if tall > 7:
            parts.append(_text(x + 16, top + tall / 2 + 4, node[1], size=11))
    return _svg(_WIDTH, height + 10, parts)


def _svg(width: float, height: float, parts: list[str]) -> str:
    return f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img">{"".join(parts)}</svg>'


def _rect(x: float, y: float, width: float, height: float, fill: str, tip: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="1" fill="{fill}">'
        f"<title>{escape(tip)}</title></rect>"
    )


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", quiet: bool = False, size: int = 12
) -> str:
    kind = ' class="quiet"' if quiet else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="font-size:{size}px"{kind}>{escape(text)}</text>'
