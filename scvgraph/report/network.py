"""A neighbourhood as a drawing: identifiers by kind, links with their rule and weight, what was refused in red.

Up to FULL identifiers are written out; more become dots that tell on a touch; more than DRAWN are left out, the least
linked first, and the drawing says how many.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.embedded.explanation import sentence
from scvgraph.report.layout import places
from scvgraph.report.markup import Markup, Part, element, joined
from scvgraph.report.words import chance, counted, moment, shortened, span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scvgraph.embedded.answers import Held
    from scvgraph.embedded.neighbourhood import Edge, Near, Neighbourhood

FULL, DRAWN, OWN_DRAWN = 36, 160, 110
PILL, PILL_ROOM, PILL_LENGTH = (168, 40), (190.0, 72.0), (236.0, 150.0)
CHARACTERS, LABEL = 17, 34.0  # of a value that fits a pill; the least room for a label on a link
DOT_ROOM, DOT_LENGTH = (30.0, 30.0), (88.0, 66.0)
OUTSIDE = 1.45  # length of a link to what is not the customer's: it stands at the rim
KINDS = (
    "email",
    "phone",
    "loyalty_id",
    "crm_id",
    "cookie_id",
    "device_id",
    "record",
    "ip",
)  # of the style's colours
COLOURS = 10
COMPARED, DECIDED = ("match", "household"), ("must_link",)


@dataclass(frozen=True, slots=True)
class Drawing:
    """svg: the drawing alone. legend: what colours and lines mean. details: what each part tells on a touch, by its
    id. drawn, left_out: identifiers.
    """

    svg: Markup
    legend: Markup
    details: Markup
    drawn: int
    left_out: int


def is_own(near: Near, customer: str | None) -> bool:
    """Whether an identifier is the customer's."""
    return customer is not None and customer in near.customers


def reason(link: Edge, nears: Mapping[str, Near]) -> str:
    """Why a link was not followed, in words."""
    if link.constraint:
        return link.constraint
    loose = next((nears[end] for end in (link.a, link.b) if nears[end].status != "ok"), None)
    if loose is not None:
        article = "a placeholder" if loose.status == "placeholder" else loose.status
        return f"one end is {article}" + (f": {loose.why}" if loose.why else "")
    return "the ends belong to different customers" if link.reason == "apart" else (link.reason or "")


def draw(found: Neighbourhood, customer: str | None, held: Mapping[str, Held] | None = None) -> Drawing:
    """customer: whose identifiers are in the middle; held: what is known of their membership, by kind:value."""
    shown = _shown(found, customer)
    nears = {near.id: near for near in shown}
    links = [link for link in found.links if link.a in nears and link.b in nears]
    links.sort(key=lambda link: (not link.followed, link.a, link.b))  # what was refused lies on top
    number = {name: n for n, name in enumerate(nears)}
    colours = _colours(shown)
    full = len(shown) <= FULL
    lengths = [
        (number[k.a], number[k.b], 1.0 if is_own(nears[k.a], customer) and is_own(nears[k.b], customer) else OUTSIDE)
        for k in links
    ]  # fmt: skip
    room, length = (PILL_ROOM, PILL_LENGTH) if full else (DOT_ROOM, DOT_LENGTH)
    at = places(len(shown), lengths, room, length)
    width, height = (float(n) for n in (at + np.array(room) / 2).max(axis=0)) if shown else (300.0, 80.0)
    spot = {name: (round(float(at[n, 0]), 1), round(float(at[n, 1]), 1)) for name, n in number.items()}
    parts = [_link(n, link, spot, number, full=full) for n, link in enumerate(links)]
    parts += [_node(number[near.id], near, customer, spot[near.id], colours, full=full) for near in shown]
    svg = element(
        "svg", *parts, class_="network", viewBox=f"0 0 {round(width)} {round(height)}", role="group",
        style=f"min-width:{round(width * 0.78)}px;max-width:{round(width * 1.25)}px",
        aria_label=f"{counted(len(shown), 'identifier')} and {counted(len(links), 'link')}",
    )  # fmt: skip
    details = [_about_node(number[near.id], near, (held or {}).get(near.id)) for near in shown]
    details += [_about_link(n, link, nears) for n, link in enumerate(links)]
    left_out = found.left_out + len(found.identifiers) - len(shown)
    return Drawing(svg, _legend(shown, links, colours, customer), joined(*details), len(shown), left_out)


def _shown(found: Neighbourhood, customer: str | None) -> list[Near]:
    """What is drawn, in the order of kind and value: the customer's best linked, and the rest by their surest link."""
    if len(found.identifiers) <= DRAWN:
        return list(found.identifiers)
    degree: Counter[str] = Counter()
    surest: dict[str, float] = {}
    for link in found.links:
        for end in (link.a, link.b):
            degree[end] += 1
            surest[end] = max(surest.get(end, 0.0), link.weight or 0.0)
    inner = [near for near in found.identifiers if near.hops == 0 or is_own(near, customer)]
    outer = [near for near in found.identifiers if near not in inner]
    inner.sort(key=lambda near: (-degree[near.id], near.id))
    outer.sort(key=lambda near: (-surest.get(near.id, 0.0), near.id))
    room = max(OWN_DRAWN, DRAWN - len(outer))
    kept = inner[:room]
    kept += outer[: DRAWN - len(kept)]
    return sorted(kept, key=lambda near: (near.kind, near.value))


def _colours(shown: list[Near]) -> dict[str, int]:
    """A colour of the style for each kind: the usual kinds have theirs, others what is left."""
    usual = {kind: n for n, kind in enumerate(KINDS)}
    others = sorted({near.kind for near in shown} - usual.keys())
    spare = len(KINDS)
    return usual | {kind: spare + n % (COLOURS - spare) for n, kind in enumerate(others)}


def _line_class(link: Edge) -> str:
    if not link.followed:
        return "link refused"
    if link.rule in COMPARED:
        return "link compared"
    return "link decided" if link.rule in DECIDED else "link"


def _link(
    n: int, link: Edge, spot: Mapping[str, tuple[float, float]], number: Mapping[str, int], *, full: bool
) -> Markup:
    (x1, y1), (x2, y2) = spot[link.a], spot[link.b]
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    weight = 0.8 + (2.6 if full else 1.8) * (link.weight or 0.0) ** 2
    return element(
        "g",
        element("title", f"{link.a} - {link.b}: {_said(link)}"),
        element("line", **ends, class_="hit"),
        element("line", **ends, class_="line", stroke_width=round(weight, 1)),
        _label(link, spot[link.a], spot[link.b]) if full else None,
        class_=_line_class(link), data_about=f"l{n}", data_ends=f"n{number[link.a]} n{number[link.b]}",
    )  # fmt: skip


def _said(link: Edge) -> str:
    """A link in a few words."""
    what = (link.rule or "link") if link.followed else (link.reason or "refused").replace("_", " ")
    return f"{what} {chance(link.weight)}".strip()


def _label(link: Edge, a: tuple[float, float], b: tuple[float, float]) -> Markup:
    """What a link says, in the middle of the part of its line that no pill covers; nothing where that is short."""
    across, down = b[0] - a[0], b[1] - a[1]
    covered = min(PILL[0] / 2 / max(abs(across), 1e-9), PILL[1] / 2 / max(abs(down), 1e-9))
    if (1 - 2 * covered) * (across**2 + down**2) ** 0.5 < LABEL * (
        1 + abs(across) / (abs(across) + abs(down) + 1)
    ):
        return joined()
    style = "label" if link.followed else "label no"
    x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    return element("text", _said(link), x=round(x, 1), y=round(y + 4, 1), class_=style)


def _node(
    n: int, near: Near, customer: str | None, at: tuple[float, float], colours: Mapping[str, int], *, full: bool
) -> Markup:  # fmt: skip
    x, y = at
    state = (
        near.status if near.status != "ok" else "own" if is_own(near, customer) or not customer else "other"
    )
    style = f"node {state} k{colours[near.kind]}"
    parts: tuple[Part, ...]
    if full:
        width, height = PILL
        left, top = round(x - width / 2, 1), round(y - height / 2, 1)
        parts = (
            element("rect", x=left, y=top, width=width, height=height, rx=10, class_="box"),
            element("rect", x=left + 7, y=top + 8, width=5, height=height - 16, rx=2.5, class_="mark"),
            element("text", near.kind.replace("_", " "), x=left + 20, y=y - 5, class_="kind"),
            element("text", shortened(near.value, CHARACTERS), x=left + 20, y=y + 12, class_="value"),
        )
    else:
        parts = (element("circle", cx=x, cy=y, r=8 if state == "own" else 6.5, class_="box mark"),)
    return element(
        "g", element("title", near.id), *parts, class_=style, id=f"n{n}", data_about=f"n{n}", tabindex="0", role="button",
        aria_label=near.id,
    )  # fmt: skip


def _facts(about: str, title: str, rows: list[tuple[str, Part]]) -> Markup:
    told = [
        joined(element("dt", name), element("dd", value)) for name, value in rows if value not in (None, "")
    ]
    return element(
        "template", element("strong", title, class_="value"), element("dl", *told), id=f"about-{about}"
    )


def _about_node(n: int, near: Near, held: Held | None) -> Markup:
    rows: list[tuple[str, Part]] = [
        ("kind", near.kind.replace("_", " ")),
        ("seen", f"{near.count:,} times, {span(near.first_seen, near.last_seen)}"),
        ("customer", ", ".join(near.customers) or "none"),
        (near.status, near.why if near.status != "ok" else None),
    ]
    if held is not None:
        rows.append(("belongs here", f"{chance(held.confidence)} sure ({held.basis})"))
    return _facts(f"n{n}", near.value, rows)


def _about_link(n: int, link: Edge, nears: Mapping[str, Near]) -> Markup:
    rows: list[tuple[str, Part]] = [
        ("evidence", f"they {sentence(link.rule)}"),
        ("one person", chance(link.weight)),
        ("rows", f"{link.count:,}, {moment(link.first_seen)} to {moment(link.last_seen)}" if link.count and link.first_seen else None),
        ("not followed", None if link.followed else reason(link, nears)),
    ]  # fmt: skip
    return _facts(f"l{n}", f"{link.a}  -  {link.b}", rows)


def _legend(shown: list[Near], links: list[Edge], colours: Mapping[str, int], customer: str | None) -> Markup:
    there = Counter(near.kind for near in shown)
    entries = [
        joined(element("i", class_=f"dot k{colours[kind]}"), f"{kind.replace('_', ' ')} ({there[kind]:,})")
        for kind in sorted(there)
    ]
    lines = {_line_class(link) for link in links}
    for style, said in (
        ("link", "seen together"),
        ("link compared", "told to be one by name, address ..."),
        ("link decided", "joined by a person's decision"),
        ("link refused", "not followed"),
    ):
        if style in lines:
            entries.append(joined(element("i", class_=f"stroke {style}"), said))
    states = {near.status for near in shown}
    if customer and any(near.status == "ok" and not is_own(near, customer) for near in shown):
        entries.append(joined(element("i", class_="frame other"), "somebody else's"))
    for state, said in (("shared", "shared: merges nobody"), ("placeholder", "placeholder: means nobody")):
        if state in states:
            entries.append(joined(element("i", class_=f"frame {state}"), said))
    return element("ul", *(element("li", entry) for entry in entries), class_="legend")
