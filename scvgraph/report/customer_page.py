"""One customer as a page for people: who it is, what holds it together, what was kept out, whom it lives with, what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.embedded.answers import name_of
from scvgraph.embedded.explanation import sentence
from scvgraph.report.journey_section import journey_section
from scvgraph.report.markup import Markup, Part, element, joined, table
from scvgraph.report.network import is_own, reason
from scvgraph.report.page import card, page, section, tiles
from scvgraph.report.words import chance, counted, day, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scvgraph.embedded.dossier import Customer
    from scvgraph.embedded.neighbourhood import Edge, Near, Neighbourhood
    from scvgraph.report.network import Drawing

LISTED = 400  # rows of a table at most
FIRST = 12  # refused links shown at once, the strongest
FOUND = 5  # bridges told
NOTE = "It holds personal data: pass it on with care."
HINT = "Click or touch an identifier or a link to see what is known of it."


def customer_page(customer: Customer, found: Neighbourhood, drawing: Drawing) -> str:
    """The whole page. found: the neighbourhood of all its identifiers, drawing: of the same."""
    name = name_of(customer.traits)
    seen = span(customer.first_seen, customer.last_seen)
    lead = f"{customer.id}: {counted(customer.rows, 'row')} of all sources, {seen}" if name else f"{counted(customer.rows, 'row')} of all sources, {seen}"  # fmt: skip
    return page(
        name or customer.id,
        lead,
        _tiles(customer),
        _identity(customer, found, drawing),
        _golden(customer),
        journey_section(customer.touchpoints, customer.touchpoint_count),
        _related(customer),
        _history(customer),
        style="customer.css",
        script="customer.js",
        note=NOTE,
    )


def loose_page(asked: str, found: Neighbourhood, drawing: Drawing) -> str:
    """The page of an identifier that stands for no single customer."""
    starts = [near for near in found.identifiers if near.hops == 0]
    said = "; ".join(f"{near.id} {_standing(near)}" for near in starts)
    touched: dict[str, list[str]] = {}
    for near in found.identifiers:
        for owner in near.customers:
            touched.setdefault(owner, []).append(near.id)
    rows = [(owner, ", ".join(through)) for owner, through in sorted(touched.items())]
    return page(
        starts[0].value if len(starts) == 1 else asked,
        said,
        section("What it was seen with", None, _explorer(drawing), *_left_out(drawing)),
        section("Customers it touches", None, card(None, None, _listed(("customer", "through"), rows)))
        if rows
        else joined(),
        section("Links", None, card(None, None, *_not_followed(found, None))),
        style="customer.css",
        script="customer.js",
        note=NOTE,
    )


def _standing(near: Near) -> str:
    """Whose an identifier is, or why it is nobody's."""
    if near.status == "ok":
        return f"belongs to {', '.join(near.customers) or 'no customer'}"
    article = "a placeholder" if near.status == "placeholder" else near.status
    return f"is {article}" + (f": {near.why}" if near.why else "")


def _tiles(customer: Customer) -> Markup:
    sold = [touch for touch in customer.touchpoints if touch.converted]
    worth = sum(touch.value or 0.0 for touch in sold)
    home = sum(other.household for other in customer.related)
    figures: list[tuple[str, Part, str | None]] = [
        ("identifiers", f"{len(customer.identifiers):,}", None),
        ("touchpoints", f"{customer.touchpoint_count:,}", None),
        ("conversions", f"{len(sold):,}", f"worth {worth:,.2f}" if worth else None),
        ("last seen", day(customer.last_seen) or "never", None),
        ("household", counted(home + 1, "customer") if customer.household else "none", customer.household),
    ]
    return tiles(figures)


def _explorer(drawing: Drawing) -> Markup:
    tools = (("-1", "\u2212", "smaller"), ("1", "+", "larger"), ("0", "Fit", "fit into the page"))
    return element(
        "div",
        element(
            "div",
            *(
                element("button", sign, type="button", data_step=step, aria_label=said, title=said)
                for step, sign, said in tools
            ),
            class_="tools",
            hidden="",
        ),
        drawing.legend,
        element("div", drawing.svg, class_="field", tabindex="0"),
        element("div", HINT, class_="panel note", aria_live="polite"),
        drawing.details,
        class_="card explore",
    )


def _left_out(drawing: Drawing) -> tuple[Markup, ...]:
    if not drawing.left_out:
        return ()
    said = f"Drawn are the {drawing.drawn:,} best linked identifiers; {drawing.left_out:,} are left out."
    return (element("p", element("strong", said), class_="note"),)


def _identity(customer: Customer, found: Neighbourhood, drawing: Drawing) -> Markup:
    outside = [near for near in found.identifiers if not is_own(near, customer.id)]
    return section(
        "What holds this customer together",
        "Identifiers that were seen together are linked. The number on a link is the probability that both ends are one"
        " person's; a red line was not followed, and what hangs on it is not part of the customer.",
        _explorer(drawing),
        *_left_out(drawing),
        card("How solid it is", None, _solid(customer)),
        card(
            "Kept out",
            counted(len(outside), "identifier"),
            *_not_followed(found, customer.id),
        )
        if any(not link.followed for link in found.links)
        else None,
        card(None, None, _lists(customer)),
    )


def _solid(customer: Customer) -> Markup:
    held = customer.structure()
    said: list[str] = []
    if held.identifiers > 1:
        said.append(held.sentence[:1].upper() + held.sentence[1:] + ".")
    if held.pieces > 1:
        said.append(
            f"{held.pieces} parts of it are joined by no link, but by time or by a person's decision."
        )
    said += [f"Weak spot: {each.sentence}." for each in held.bridges[:FOUND]]
    if len(held.bridges) > FOUND:
        said.append(f"{counted(len(held.bridges) - FOUND, 'more link')} would split it if cut.")
    if not held.bridges and held.identifiers > 1:
        said.append("No single link would split it into parts of two and more identifiers.")
    if held.identifiers == 1:
        said.append("It is a single identifier; nothing was joined.")
    return element("ul", *(element("li", each) for each in said), class_="findings")


def _not_followed(found: Neighbourhood, customer: str | None) -> list[Markup]:
    nears = {near.id: near for near in found.identifiers}
    refused = sorted((k for k in found.links if not k.followed), key=lambda k: (-(k.weight or 0.0), k.a, k.b))

    def line(link: Edge) -> tuple[Part, ...]:
        own, other = (
            (link.b, link.a) if customer and customer in nears[link.b].customers else (link.a, link.b)
        )
        whose = ", ".join(nears[other].customers) or nears[other].status.replace("ok", "")
        return own, other, whose, chance(link.weight), reason(link, nears)

    head = ("one end", "other end", "whose", "one person", "why it was not followed")
    lines = [line(link) for link in refused]
    first, rest = _listed(head, lines[:FIRST], (3,)), lines[FIRST:]
    if not rest:
        return [first]
    return [first, element("details", element("summary", f"{len(rest):,} more"), _listed(head, rest, (3,)))]


def _lists(customer: Customer) -> Markup:
    held = [
        (h.kind.replace("_", " "), h.value, chance(h.confidence), f"{h.count:,}", day(h.first_seen), day(h.last_seen))
        for h in customer.identifiers
    ]  # fmt: skip
    links = [
        (k.a, k.b, sentence(k.rule), chance(k.weight), f"{k.count:,}", span(k.first_seen, k.last_seen))
        for k in sorted(customer.links, key=lambda k: (-k.weight, k.a, k.b))
    ]
    return joined(
        element(
            "details", element("summary", f"All identifiers ({len(held):,})"),
            _listed(("kind", "value", "belongs here", "seen", "first", "last"), held, (2, 3)),
        ),
        element(
            "details", element("summary", f"All links ({len(links):,})"),
            _listed(("one end", "other end", "they", "one person", "rows", "when"), links, (3, 4)),
        ),
    )  # fmt: skip


def _listed(head: tuple[Part, ...], rows: Sequence[tuple[Part, ...]], numbers: tuple[int, ...] = ()) -> Markup:  # fmt: skip
    """A table cut at LISTED rows, saying so."""
    more = element("p", f"and {len(rows) - LISTED:,} more", class_="note") if len(rows) > LISTED else joined()
    return joined(table(head, rows[:LISTED], numbers), more)


def _golden(customer: Customer) -> Markup:
    rows: list[tuple[Part, ...]] = []
    for trait, value in customer.traits.items():
        origin = customer.provenance.get(trait)
        if value is None:
            continue
        source: Part = f"{origin.source}, {day(origin.ts)}" if origin else ""
        why = origin.rule.replace("_", " ") if origin else ""
        rivals = f"{origin.rivals:,}" if origin and origin.rivals else ""
        rows.append((trait.replace("_", " "), element("strong", value), source, why, rivals))
    if not rows:
        return section(
            "Golden record", None, card(None, None, element("p", "Nothing is known of the person yet."))
        )
    head = ("", "value", "from", "chosen as", "other values")
    return section(
        "Golden record",
        "What is known of the person: of several values the one that survived, with where it comes from.",
        card(None, None, table(head, rows, (4,))),
    )


def _related(customer: Customer) -> Markup:
    if not customer.related:
        return joined()
    rows = [
        (r.name or r.customer, r.customer, r.why.replace("_", " "), ", ".join(r.through), chance(r.strength), "yes" if r.household else "")
        for r in customer.related
    ]  # fmt: skip
    return section(
        "Related customers",
        "Other customers who share something with this one. They are people of their own.",
        card(
            None,
            None,
            _listed(("who", "customer", "shared", "through", "strength", "same household"), rows, (4,)),
        ),
    )


def _history(customer: Customer) -> Markup:
    told = [element("li", change.sentence) for change in customer.lineage]
    return section("History of the id", None, card(None, None, element("ul", *told, class_="findings"))) if told else joined()  # fmt: skip
