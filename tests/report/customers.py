"""Customers made up for drawing: of any size, with values that would like to run."""

from __future__ import annotations

from datetime import datetime, timedelta

from scvgraph.embedded.answers import Held, Relation, Touchpoint
from scvgraph.embedded.dossier import Customer, Link, Origin
from scvgraph.embedded.neighbourhood import Edge, Near, Neighbourhood
from scvgraph.report.picture import Picture

EVIL = "</script><img src=x onerror=alert(1)>'\"&"
BEGIN = datetime(2025, 3, 1, 9)  # noqa: DTZ001
ME = "C000000001"
KINDS = ("cookie_id", "device_id", "loyalty_id", "shoe_size")


def picture(identifiers=8, touchpoints=20, outside=3):
    """An e-mail address with everything hanging on it or on the one before, and somebody else's, shared ones and
    placeholders around.
    """
    own = [("email", EVIL)] + [(KINDS[n % 4], f"{EVIL}{n}") for n in range(1, identifiers)]
    held = tuple(
        Held(kind, value, "ok", None, 3, BEGIN, BEGIN, 0.97, "linked", None, None) for kind, value in own
    )
    names = [each.id for each in held]
    links = tuple(
        Link(names[n // 2 if n % 3 else 0], names[n], ("login", "match", "must_link")[n % 3], n, 0.9 if n % 2 else 0.999, BEGIN, BEGIN)
        for n in range(1, identifiers)
    )  # fmt: skip
    status = ("ok", "shared", "placeholder")
    others = [
        Near("ip", f"{EVIL}o{n}", status[n % 3], EVIL if n % 3 else None, 9, BEGIN, BEGIN, 1, (EVIL,) if n % 3 == 0 else ())
        for n in range(outside)
    ]  # fmt: skip
    edges = [
        Edge(k.a, k.b, k.weight, k.rule, k.count, k.first_seen, k.last_seen, True, None, None) for k in links
    ]
    edges += [Edge(names[n % identifiers], other.id, 0.6, "page", 1, BEGIN, BEGIN, False, "apart", EVIL if n % 2 else None) for n, other in enumerate(others)]  # fmt: skip
    inner = [Near(h.kind, h.value, "ok", None, 3, BEGIN, BEGIN, 0, (ME,)) for h in held]
    near = Neighbourhood(
        tuple(names), 1, tuple(sorted([*inner, *others], key=lambda x: x.id)), tuple(edges), 0
    )
    return Picture("x", near, _customer(held, links, journey(touchpoints)))


def journey(count):
    """Visits in bursts over some years, in fourteen channels, one in nine of them with a sale."""
    return tuple(
        Touchpoint(n + 1, BEGIN + timedelta(hours=n * 2 + (n // 7) * 3), f"{EVIL}{n % 14}" if n % 5 else None, "page", EVIL, 2.5 if n % 9 == 0 else None, n % 9 == 0)
        for n in range(count)
    )  # fmt: skip


def _customer(held, links, touchpoints):
    return Customer(
        id=ME,
        traits={"first_name": EVIL, "last_name": "Doe", "city": None},
        provenance={"first_name": Origin(EVIL, EVIL, "k", BEGIN, "most_recent", 2)},
        first_seen=BEGIN,
        last_seen=BEGIN,
        rows=12,
        identifiers=held,
        links=links,
        refused=(),
        touchpoint_count=len(touchpoints),
        touchpoints=touchpoints,
        lineage=(),
        household="H000000001",
        related=(Relation("C000000002", EVIL, "ip", 0.7, 1, True, (f"ip:{EVIL}",)),),
    )
