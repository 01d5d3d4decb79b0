"""What differs between two generations, part by part, worked out in the engine.

Tables made: `_new_PART`, all of a part with a hash `_h`; `_gone_PART`, keys to be taken away; `_added_PART`, rows to be
written; `_changed_PART`, nodes whose properties differ. A relationship that differs is taken away and written anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scvgraph.engine import Engine, name, scan, text
from scvgraph.publish.parts import PARTS, Part, keyed_sql, part_sql
from scvgraph.publish.snapshot import Snapshot, Snapshots, channels_of

if TYPE_CHECKING:
    from scvgraph.config.project import GraphPolicy


@dataclass(frozen=True, slots=True)
class Change:
    """Rows of a part: in the new state, to be written, to be changed in place, to be taken away."""

    part: Part
    rows: int
    added: int
    changed: int
    gone: int

    @property
    def count(self) -> int:
        return self.added + self.changed + self.gone


@dataclass(frozen=True, slots=True)
class Plan:
    """What a publication does."""

    snapshot: Snapshot
    changes: tuple[Change, ...]

    @property
    def is_fresh(self) -> bool:
        return self.snapshot.base is None

    @property
    def replaces(self) -> bool:
        """Whether all that another publication left goes, because this store does not know it or was told to."""
        return self.is_fresh and self.snapshot.epoch > 0

    @property
    def is_empty(self) -> bool:
        return not any(change.rows for change in self.changes)

    def of(self, part: str) -> Change:
        return next(change for change in self.changes if change.part.name == part)

    @property
    def written(self) -> int:
        return sum(change.count for change in self.changes)


def work_out(engine: Engine, snapshot: Snapshot, known: Snapshots, policy: GraphPolicy) -> Plan:
    """Make the tables of every part and count them; `_journeys` must be there."""
    _number_channels(engine, snapshot, known)
    return Plan(snapshot, tuple(_part(engine, part, snapshot, known, policy) for part in PARTS))


def write_snapshot(engine: Engine, plan: Plan, known: Snapshots) -> None:
    """Remember the new state, so that the next publication can tell what differs."""
    known.begin(plan.snapshot)
    for part in PARTS:
        engine.write(
            f"SELECT {_keys(part)}, _h FROM {_table('new', part)}", known.path(plan.snapshot, part.name)
        )
    numbers = dict(engine.rows("SELECT name, no FROM _channels ORDER BY no"))
    path = known.path(plan.snapshot, "channels").with_suffix(".json")
    path.write_text(json.dumps(numbers, ensure_ascii=False), encoding="utf-8")
    known.finish(plan.snapshot)


def _number_channels(engine: Engine, snapshot: Snapshot, known: Snapshots) -> None:
    """Table `_channels` (name, no): numbers given before stay, new names get the next ones in order."""
    import pyarrow as pa

    from scvgraph.embedded.projection import NO_CHANNEL

    numbers: dict[str, int] = {}
    if snapshot.base:
        numbers = channels_of(known.path(snapshot.base, "channels").with_suffix(".json"))
    found = engine.rows(
        f"SELECT DISTINCT coalesce(channel, {text(NO_CHANNEL)}) AS name FROM _journeys ORDER BY name"
    )
    for (channel,) in found:
        numbers.setdefault(channel, len(numbers))
    names, given = pa.array(list(numbers), pa.string()), pa.array(list(numbers.values()), pa.int64())
    engine.put("_channels", pa.table({"name": names, "no": given}))


def _part(engine: Engine, part: Part, snapshot: Snapshot, known: Snapshots, policy: GraphPolicy) -> Change:
    new, added, gone, changed = (_table(what, part) for what in ("new", "added", "gone", "changed"))
    rows = (
        f"SELECT *, hash(p) AS _h FROM ({keyed_sql(part, part_sql(engine, part, policy), snapshot.epoch)}) p"
    )
    engine.run(f"CREATE OR REPLACE TABLE {new} AS {rows}")
    if snapshot.base is None:
        engine.run(f"CREATE OR REPLACE VIEW {added} AS SELECT * FROM {new}")
        for empty in (gone, changed):
            engine.run(f"CREATE OR REPLACE VIEW {empty} AS SELECT * FROM {new} WHERE false")
    else:
        _compare(engine, part, scan([known.path(snapshot.base, part.name)]))
    counts = (engine.one(f"SELECT count(*) FROM {table}") for table in (new, added, changed, gone))
    return Change(part, *counts)


def _compare(engine: Engine, part: Part, before: str) -> None:
    new, added, gone, changed = (_table(what, part) for what in ("new", "added", "gone", "changed"))
    keys = _keys(part)
    if part.is_node:
        engine.run(f"CREATE OR REPLACE TABLE {added} AS SELECT * FROM {new} ANTI JOIN {before} USING (_key)")
        engine.run(
            f"CREATE OR REPLACE TABLE {gone} AS SELECT _key FROM {before} ANTI JOIN {new} USING (_key)"
        )
        engine.run(
            f"CREATE OR REPLACE TABLE {changed} AS SELECT n.* FROM {new} n JOIN {before} o USING (_key) WHERE n._h <> o._h"
        )
        return
    # Of several relationships between two nodes all are written anew if one differs.
    differ = f"SELECT {keys} FROM (SELECT {keys}, _h FROM {new} EXCEPT ALL SELECT {keys}, _h FROM {before})"
    gone_too = f"SELECT {keys} FROM (SELECT {keys}, _h FROM {before} EXCEPT ALL SELECT {keys}, _h FROM {new})"
    engine.run(f"CREATE OR REPLACE TABLE _pairs AS SELECT DISTINCT * FROM ({differ} UNION ALL {gone_too})")
    engine.run(f"CREATE OR REPLACE TABLE {added} AS SELECT * FROM {new} SEMI JOIN _pairs USING (_a, _b)")
    engine.run(
        f"CREATE OR REPLACE TABLE {gone} AS SELECT DISTINCT {keys} FROM {before} SEMI JOIN _pairs USING (_a, _b)"
    )
    engine.run(f"CREATE OR REPLACE VIEW {changed} AS SELECT * FROM {new} WHERE false")


def _keys(part: Part) -> str:
    return "_key" if part.is_node else "_a, _b"


def _table(what: str, part: Part) -> str:
    return name(f"_{what}_{part.name}")
