"""What of a generation becomes which part of the graph: one row a part, its name and its SQL.

The columns of a query stand in the order of the part's schema statement (cypher/schema/ladybug/), relationships
start with the keys of both ends and are sorted by the start (LINKED roughly: sorting costs more there than it saves).
Nodes come before the relationships between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scvgraph.embedded.values import TOLD
from scvgraph.engine import Engine, name
from scvgraph.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scvgraph.config.project import GraphPolicy

NO_CHANNEL = "(none)"


@dataclass(frozen=True, slots=True)
class Part:
    """A node table or relationship table of the graph. traits: the table whose trait columns end the query."""

    name: str
    sql: str
    is_node: bool = False
    traits: str | None = None


# A journey as the other parts want it: each touchpoint with the channel of the one before. Touchpoints are numbered
# anew, journey after journey: keys that ascend in the order of loading make relationships load almost twice as fast,
# and the touchpoint before has the number before.
JOURNEYS = """
SELECT t.no, t.customer, t.seq, t.row, t.ts, t.gap_s, e.channel, e.campaign, e.kind AS type, e.value,
       coalesce(e.converted, false) AS converted
FROM (SELECT CAST(row_number() OVER (ORDER BY customer, seq) - 1 AS INTEGER) AS no, * FROM touchpoints) t
JOIN events e ON e.row = t.row ORDER BY t.no"""

KEPT: Mapping[str, str] = {
    "all": "true",
    "converting": "customer IN (SELECT customer FROM _journeys WHERE converted)",
    "none": "false",
}

# A link is followed if nothing refused it, both ends may merge people, and both are in one customer.
LINKED = """
WITH plain AS (SELECT identifier, customer FROM memberships WHERE valid_from IS NULL AND valid_to IS NULL),
refused AS (SELECT a, b, min(reason) AS reason, min_by("constraint", reason) AS refused_by, max(weight) AS weight
            FROM refused_links GROUP BY a, b),
every AS (SELECT coalesce(l.a, r.a) AS a, coalesce(l.b, r.b) AS b, coalesce(l.weight, r.weight) AS weight, l.rule,
                 coalesce(l.count, 0)::BIGINT AS count, l.first_seen, l.last_seen, r.reason, r.refused_by
          FROM links l FULL JOIN refused r ON l.a = r.a AND l.b = r.b),
marked AS (SELECT no, status FROM identifiers WHERE status <> 'ok'),
judged AS (SELECT e.*, CASE WHEN e.reason IS NOT NULL THEN e.reason ELSE coalesce(ia.status, ib.status,
                            CASE WHEN ma.customer IS DISTINCT FROM mb.customer THEN 'apart' END) END AS verdict
           FROM every e LEFT JOIN marked ia ON ia.no = e.a LEFT JOIN marked ib ON ib.no = e.b
           LEFT JOIN plain ma ON ma.identifier = e.a LEFT JOIN plain mb ON mb.identifier = e.b)
SELECT a, b, weight, rule, count, first_seen, last_seen, verdict IS NULL, verdict, refused_by
FROM judged"""

PARTS: tuple[Part, ...] = (
    Part(
        "Customer",
        """SELECT customer, id, first_seen, last_seen, identifiers, rows, household{traits} FROM customers
           LEFT JOIN (SELECT customer, household FROM households) USING (customer) ORDER BY customer""",
        is_node=True,
        traits="customers",
    ),
    Part(
        "Identifier",
        """SELECT no, kind || ':' || value, kind, value, status, why, count, first_seen, last_seen
           FROM identifiers ORDER BY no""",
        is_node=True,
    ),
    Part(
        "Touchpoint",
        """SELECT no, seq, ts, epoch_ms(ts), channel, campaign, type, value, converted
           FROM _journeys WHERE {kept} ORDER BY no""",
        is_node=True,
    ),
    Part(
        "Record",
        "SELECT row, source, key, ts{traits} FROM records ORDER BY row",
        is_node=True,
        traits="records",
    ),
    Part(
        "Channel",
        f"""SELECT coalesce(channel, '{NO_CHANNEL}') AS name, count(*), count(*) FILTER (converted),
                   coalesce(sum(value) FILTER (converted), 0)::DOUBLE
            FROM _journeys GROUP BY ALL ORDER BY name""",
        is_node=True,
    ),
    Part(
        "Lineage",
        f"SELECT no, id, change, identifier, other, generation, why FROM ({TOLD}) ORDER BY no",
        is_node=True,
    ),
    Part(
        "HAS",
        """SELECT customer, identifier, confidence, basis, valid_from, valid_to
           FROM memberships ORDER BY customer, identifier, valid_from""",
    ),
    Part("LINKED", LINKED),
    Part("RELATED", "SELECT a, b, why, strength, things FROM relations ORDER BY a, b"),
    Part("MADE", "SELECT customer, no FROM _journeys WHERE {kept} ORDER BY no"),
    Part(
        "NEXT",
        "SELECT no - 1, no, gap_s FROM _journeys WHERE seq > 1 AND {kept} ORDER BY no",
    ),
    Part(
        "SEEN_AS",
        """SELECT DISTINCT j.no, s.identifier FROM sightings s JOIN (SELECT no, row FROM _journeys WHERE {kept}) j
           ON j.row = s.row ORDER BY ALL""",
    ),
    Part(
        "SHOWS",
        "SELECT DISTINCT s.row, s.identifier FROM sightings s JOIN records r ON r.row = s.row ORDER BY ALL",
    ),
    Part(
        "HOLDS",
        """SELECT o.customer, o.row FROM owners o JOIN records r ON r.row = o.row
           WHERE o.customer IS NOT NULL ORDER BY ALL""",
    ),
    Part(
        "FOLLOWED_BY",
        f"""SELECT coalesce(p.channel, '{NO_CHANNEL}') AS a, coalesce(j.channel, '{NO_CHANNEL}') AS b, count(*),
                   count(*) FILTER (j.converted), median(j.gap_s)::DOUBLE
            FROM _journeys j JOIN _journeys p ON p.no = j.no - 1 WHERE j.seq > 1 GROUP BY ALL ORDER BY a, b""",
    ),
)


def prepare(engine: Engine) -> None:
    """Make what several parts read."""
    engine.make("_journeys", JOURNEYS)


def tidy(engine: Engine) -> None:
    engine.drop("_journeys")


def part_sql(part: Part, traits: list[str], policy: GraphPolicy) -> str:
    """The query of a part: its trait columns written out, its share of the journeys chosen."""
    listed = "".join(f", {name(trait)}" for trait in traits)
    return part.sql.replace("{traits}", listed).replace("{kept}", KEPT[policy.touchpoints])


def trait_columns(engine: Engine, table: str) -> list[str]:
    """The columns a table has beyond those every store has."""
    own = {column.name for column in TABLES[table].columns}
    found = engine.records(f"DESCRIBE SELECT * FROM {name(table)}")
    return [row["column_name"] for row in found if row["column_name"] not in own]
