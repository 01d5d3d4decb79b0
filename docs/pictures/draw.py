"""Draws one customer of the retail example as a graph: identifiers, links with weights, links not followed.

Everything drawn is read from the store; only the places are chosen here.
"""

from __future__ import annotations

import math
from html import escape
from pathlib import Path
from typing import Any

PICTURE = Path(__file__).resolve().parent / "customer.svg"
ASKED = "madcook67@yahoo.co.uk"
MIDDLE, RADII, PILL = (356, 240), (250, 150), (176, 40)
BORDER_X, OUTSIDE_X, FIRST_Y, STEP_Y, WIDTH, HEIGHT = 706, 858, 105, 250, 1040, 468

STYLE = """
  text { font: 13px system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2933; text-anchor: middle }
  .kind { font-size: 10.5px; fill: #66727f } .title { font-size: 15px; font-weight: 600; text-anchor: start }
  .weight { font-size: 11px; fill: #33557a } .no { fill: #a4342a }
  .customer { fill: #eef5fb; stroke: #9dbcd8 } .pill { fill: #fff; stroke: #4a7ba6; stroke-width: 1.4 }
  .shared { fill: #fff4dc; stroke: #c98a1b; stroke-width: 1.4 } .label { fill: #fff; opacity: .9 }
  .link { stroke: #4a7ba6; stroke-width: 1.8 } .refused { stroke: #c0453a; stroke-width: 1.5; stroke-dasharray: 6 5 }
"""


def drawn(project: Path) -> str:
    """The picture as SVG text, from the store of a project."""
    from scvgraph.api import open_view

    with open_view(project) as view:
        card = view.lookup(ASKED).customers[0]
        found = view.customer(card.id, 0)
        outside = {}
        for link in found.refused:
            loose = view.lookup(link.b)
            owners = [c.id for c in loose.customers] or [
                t.customer for part in loose.loose for t in part.customers
            ]
            others = tuple(sorted(set(owners) - {card.id}))
            outside[link.b] = (loose.matched[0].status, loose.matched[0].why, others)
    return _svg(found, outside)


def _svg(found: Any, outside: dict[str, tuple[str, str | None, tuple[str, ...]]]) -> str:
    held = [f"{i.kind}:{i.value}" for i in found.identifiers]
    at = _places(held, found.links, {link.a for link in found.refused})
    for n, other in enumerate(sorted(outside, key=lambda o: (outside[o][0] != "ok", o))):
        at[other] = (OUTSIDE_X, FIRST_Y + n * STEP_Y)
    name = " ".join(filter(None, (found.traits.get("first_name"), found.traits.get("last_name"))))
    parts = [
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<rect class="customer" x="12" y="12" width="{BORDER_X - 12}" height="{HEIGHT - 24}" rx="18"/>',
        f'<text class="title" x="30" y="40">{escape(found.id)}  {escape(name)}</text>',
    ]
    parts += [_line(at[k.a], at[k.b], "link") for k in found.links]
    parts += [_line(at[k.a], at[k.b], "refused") for k in found.refused]
    parts += [_weight(at[k.a], at[k.b], k.weight, "weight") for k in found.links]
    parts += [_weight(at[k.a], at[k.b], k.weight, "weight no") for k in found.refused]
    parts += [_pill(identifier, at[identifier], "pill") for identifier in held]
    for other, (status, why, owners) in outside.items():
        parts.append(_pill(other, at[other], "shared" if status == "shared" else "pill"))
        parts += _notes(at[other], status, why, owners, [k for k in found.refused if k.b == other])
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="Identity graph of {escape(found.id)}">\n<style>{STYLE}</style>\n{body}\n</svg>\n'
    )


def _places(held: list[str], links: Any, outwards: set[str]) -> dict[str, tuple[int, int]]:
    """The best linked identifier in the middle, the others around it, those with links to the outside on the right."""
    near: dict[str, set[str]] = {identifier: set() for identifier in held}
    for link in links:
        near[link.a].add(link.b)
        near[link.b].add(link.a)
    middle = max(held, key=lambda i: (len(near[i]), i))
    first = [i for i in held if i != middle and i in outwards]
    rest = [i for i in held if i != middle and i not in outwards]
    rest.sort(key=lambda i: (middle in near[i], i))
    ring = first + rest
    at = {middle: MIDDLE}
    for n, identifier in enumerate(ring):
        angle = 2 * math.pi * n / len(ring)
        at[identifier] = (
            round(MIDDLE[0] + RADII[0] * math.cos(angle)),
            round(MIDDLE[1] + RADII[1] * math.sin(angle)),
        )
    return at


def _line(a: tuple[int, int], b: tuple[int, int], style: str) -> str:
    return f'<line class="{style}" x1="{a[0]}" y1="{a[1]}" x2="{b[0]}" y2="{b[1]}"/>'


def _weight(a: tuple[int, int], b: tuple[int, int], weight: float, style: str) -> str:
    share = 0.5 if style == "weight" else (BORDER_X + 32 - a[0]) / (b[0] - a[0])
    x, y = (round(one + (other - one) * share) for one, other in zip(a, b, strict=True))
    return (
        f'<rect class="label" x="{x - 20}" y="{y - 9}" width="40" height="17" rx="4"/>'
        f'<text class="{style}" x="{x}" y="{y + 4}">{weight:.3f}</text>'
    )


def _pill(identifier: str, at: tuple[int, int], style: str) -> str:
    kind, _, value = identifier.partition(":")
    short = value if len(value) <= 22 else f"{value[:12]}…{value[-6:]}"
    x, y = at
    return (
        f'<rect class="{style}" x="{x - PILL[0] // 2}" y="{y - PILL[1] // 2}" width="{PILL[0]}" height="{PILL[1]}" rx="20"/>'
        f'<text class="kind" x="{x}" y="{y - 5}">{escape(kind)}</text><text x="{x}" y="{y + 11}">{escape(short)}</text>'
    )


def _notes(
    at: tuple[int, int], status: str, why: str | None, owners: tuple[str, ...], refused: list[Any]
) -> list[str]:
    """Why the links to an identifier outside were not followed, and whose it is."""
    reason = f"shared: {why}" if status == "shared" else f"refused: {refused[0].constraint}"
    whose = ("also seen with " if status == "shared" else "belongs to ") + ", ".join(owners) if owners else ""
    head, _, tail = reason.partition(", ")
    lines = [line for line in (head, tail, whose) if line]
    return [
        f'<text class="kind{" no" if n < len(lines) - 1 else ""}" x="{at[0] + 18}" y="{at[1] + 42 + n * 15}">{escape(line)}</text>'
        for n, line in enumerate(lines)
    ]
