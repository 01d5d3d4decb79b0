"""What of a generation becomes which part of the published graph: one row a part.

A node's query gives `_key`, its number within the part, then its properties; a relationship's gives `_a` and `_b`, the
numbers of its ends, then its properties. Numbers are for keeps, unlike those of the embedded graph: what has not
changed has the same number in the next generation. Channels have no number of their own; table `_channels` gives one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scvgraph.embedded.projection import KEPT, LINKED, NO_CHANNEL, trait_columns
from scvgraph.embedded.values import TOLD
from scvgraph.engine import Engine, name

if TYPE_CHECKING:
    from scvgraph.config.project import GraphPolicy


@dataclass(frozen=True, slots=True)
class Part:
    """Nodes of a label, or relationships of a type with the labels of their ends.

    traits: the table whose trait columns are properties too. several: two nodes may have several of them.
    """

    name: str
    sql: str
    start: str = ""
    end: str = ""
    traits: str | None = None
    several: bool = False

    @property
    def is_node(self) -> bool:
        return not self.start


_CHANNEL = f"coalesce({{}}.channel, '{NO_CHANNEL}')"
_LINKED = f"""
SELECT * FROM ({LINKED}) AS l (_a, _b, weight, rule, count, first_seen, last_seen, followed, reason, refused_by)"""

NODES: tuple[Part, ...] = (
    Part(
        "Customer",
        """SELECT customer AS _key, id, first_seen, last_seen, identifiers, rows, household{traits} FROM customers
           LEFT JOIN (SELECT customer, household FROM households) USING (customer)""",
        traits="customers",
    ),
    Part(
        "Identifier",
        """SELECT no AS _key, kind || ':' || value AS id, kind, value, status, why, count, first_seen, last_seen
           FROM identifiers""",
    ),
    Part(
        "Touchpoint",
        """SELECT row AS _key, seq, ts, epoch_ms(ts) AS ts_ms, channel, campaign, type, value, converted
           FROM _journeys WHERE {kept}""",
    ),
    Part("Record", "SELECT row AS _key, source, key, ts AS seen{traits} FROM records", traits="records"),
    Part(
        "Channel",
        f"""SELECT n.no AS _key, n.name, count(*) AS touches, count(*) FILTER (j.converted) AS conversions,
                   coalesce(sum(j.value) FILTER (j.converted), 0)::DOUBLE AS value
            FROM _journeys j JOIN _channels n ON n.name = {_CHANNEL.format("j")} GROUP BY ALL""",
    ),
    Part("Lineage", f"SELECT no AS _key, id, change, identifier, other, generation, why FROM ({TOLD})"),
)
RELATIONSHIPS: tuple[Part, ...] = (
    Part("LINKED", _LINKED, "Identifier", "Identifier"),
    Part(
        "HAS",
        """SELECT customer AS _a, identifier AS _b, confidence, basis, valid_from, valid_to FROM memberships""",
        "Customer",
        "Identifier",
        several=True,
    ),
    Part("RELATED", "SELECT a AS _a, b AS _b, why, strength, things FROM relations", "Customer", "Customer"),
    Part("MADE", "SELECT customer AS _a, row AS _b FROM _journeys WHERE {kept}", "Customer", "Touchpoint"),
    Part(
        "NEXT",
        """SELECT p.row AS _a, j.row AS _b, j.gap_s FROM (SELECT * FROM _journeys WHERE {kept}) j
           JOIN _journeys p ON p.no = j.no - 1 WHERE j.seq > 1""",
        "Touchpoint",
        "Touchpoint",
    ),
    Part(
        "SEEN_AS",
        """SELECT DISTINCT s.row AS _a, s.identifier AS _b FROM sightings s
           SEMI JOIN (SELECT row FROM _journeys WHERE {kept}) j ON j.row = s.row""",
        "Touchpoint",
        "Identifier",
    ),
    Part(
        "SHOWS",
        "SELECT DISTINCT s.row AS _a, s.identifier AS _b FROM sightings s SEMI JOIN records r ON r.row = s.row",
        "Record",
        "Identifier",
    ),
    Part(
        "HOLDS",
        "SELECT o.customer AS _a, o.row AS _b FROM owners o SEMI JOIN records r ON r.row = o.row WHERE o.customer IS NOT NULL",
        "Customer",
        "Record",
    ),
    Part(
        "FOLLOWED_BY",
        f"""SELECT a.no AS _a, b.no AS _b, count(*) AS count, count(*) FILTER (j.converted) AS conversions,
                   median(j.gap_s)::DOUBLE AS median_gap_s
            FROM _journeys j JOIN _journeys p ON p.no = j.no - 1
            JOIN _channels a ON a.name = {_CHANNEL.format("p")} JOIN _channels b ON b.name = {_CHANNEL.format("j")}
            WHERE j.seq > 1 GROUP BY a.no, b.no""",
        "Channel",
        "Channel",
    ),
)
PARTS = (*NODES, *RELATIONSHIPS)

# Which number a node has in the database: its part, the epoch (a publication begun anew), its number in the part.
CODES = {part.name: code for code, part in enumerate(NODES, 1)}
_PART, EPOCH_SPAN = 2**59, 2**43


def key_base(part: str, epoch: int) -> int:
    """What is added to a node's number in its part. Epochs come round after 65,536 of them."""
    return CODES[part] * _PART + epoch % 65_536 * EPOCH_SPAN


def part_sql(engine: Engine, part: Part, policy: GraphPolicy) -> str:
    traits = trait_columns(engine, part.traits) if part.traits else []
    listed = "".join(f", {name(trait)}" for trait in traits)
    return part.sql.replace("{traits}", listed).replace("{kept}", KEPT[policy.touchpoints])


def keyed_sql(part: Part, sql: str, epoch: int) -> str:
    """A part's query with the numbers its nodes have in the database."""
    if part.is_node:
        return f"SELECT * REPLACE (_key + {key_base(part.name, epoch)} AS _key) FROM ({sql})"
    start, end = key_base(part.start, epoch), key_base(part.end, epoch)
    return f"SELECT * REPLACE (_a + {start} AS _a, _b + {end} AS _b) FROM ({sql})"
