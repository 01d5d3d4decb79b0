"""From a run's groups to entities that can be matched: what their profiles tell and their identifiers show.

An entity is a group of identifiers, held together by links, that tells anything of a person. Its number is its place
among them; its order is that of the least of its members by kind and value, so numbers cannot matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.config.project import PROFILE
from scvgraph.engine import text
from scvgraph.matching.comparisons import OFF, Comparing, Comparison
from scvgraph.matching.folding import sort_values
from scvgraph.matching.homes import homes
from scvgraph.matching.linkage import Constraints
from scvgraph.matching.traits import Trait, rows_of
from scvgraph.matching.visits import visits
from scvgraph.roles import SHOWN

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from scvgraph.work import Work

    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]

HOME, VISITS = "home", "visits"
ENDS = "\x1f"  # after a kind's name, so that kinds sort as they would with values behind them
SAMPLE = 200  # values a role is judged by


@dataclass(frozen=True, slots=True)
class Entities:
    """label [n]: the group of each. face [n]: the identifier that stands for it. order [n]: canonical rank."""

    label: Int32
    face: Int32
    order: Int64
    traits: list[Trait]
    constraints: Constraints
    comparisons: list[Comparison]


def entities_of(work: Work, fixed: tuple[Comparison, ...] | None = None) -> Entities | None:
    """Groups that tell of a person or show an e-mail address; None if none tells, or there are fewer than two.

    fixed: comparisons of a fixed model.
    """
    solution, profiles = work.solution, work.profiles
    tellers = np.concatenate([profiles.node, *(said.node for said in work.named)])
    if not tellers.size:
        return None
    tellers = np.concatenate([tellers, _misspelled(work)])
    tellers = _each_once(tellers[solution.active[tellers]], solution.label.size)
    label = _each_once(solution.label[tellers], solution.label.size)
    if label.size < 2:
        return None
    number = np.full(solution.label.size, -1, np.int32)
    number[label] = np.arange(label.size, dtype=np.int32)
    entity = np.where(solution.active, number[solution.label], np.int32(-1))
    listed = Listed(work)
    face, order = _faces(work, entity, tellers, listed)
    comparing = Comparing(work.project.resolve.compare, fixed)
    traits = [
        *_told(work, comparing, entity, label.size),
        *_shown(work, comparing, entity, label.size, listed),
        *_homes(work, comparing, number, label.size),
        *_visits(work, comparing, label),
    ]
    limits = _constraints(work, entity, label.size)
    return Entities(label, face, order, traits, limits, comparing.all())


def _each_once(numbers: Int32, size: int) -> Int32:
    """Numbers below size, ascending."""
    there = np.zeros(size, np.bool_)
    there[numbers] = True
    return np.flatnonzero(there).astype(np.int32)


def _misspelled(work: Work) -> Int32:
    """Identifiers that say who by themselves even if misspelled: e-mail addresses."""
    kinds = [kind for kind in work.project.kinds if work.project.resolve.role_of(kind) == "email"]
    return np.concatenate([np.empty(0, np.int32), *map(np.flatnonzero, map(work.of_kind, kinds))]).astype(
        np.int32
    )


def _faces(work: Work, entity: Int32, tellers: Int32, listed: Listed) -> tuple[Int32, Int64]:
    """Of each entity the least of the members that tell anything, by kind and value, and the rank of that one."""
    size = int(entity[tellers].max()) + 1
    face, order, ranked = np.full(size, -1, np.int32), np.empty(size, np.int64), 0
    kind_of = work.kind_code[tellers]
    for _, code in sorted((kind + ENDS, code) for code, kind in enumerate(work.project.kinds)):
        nodes = tellers[kind_of == code]
        nodes = nodes[face[entity[nodes]] < 0]
        if not nodes.size:
            continue
        _, place = listed.of(code, nodes)
        ascending = np.empty_like(nodes)
        ascending[place] = nodes
        face[entity[ascending[::-1]]] = ascending[::-1]
        least = entity[ascending[face[entity[ascending]] == ascending]]
        order[least] = np.arange(ranked + 1, ranked + 1 + least.size)
        ranked += least.size
    return face, order


@dataclass(slots=True)
class Listed:
    """Values of identifiers of a kind, ascending, and the place of each identifier's; those asked for last are kept."""

    work: Work
    kept: dict[int, tuple[Int32, pa.Array, Int64]] = field(default_factory=dict)

    def of(self, code: int, nodes: Int32) -> tuple[pa.Array, Int64]:
        """Of identifiers of one kind, which ascend. code: position of the kind in the project."""
        if code not in self.kept or not np.array_equal(self.kept[code][0], nodes):
            kind = list(self.work.project.kinds)[code]
            self.kept[code] = (nodes, *sort_values(_values(self.work, nodes, kind)))
        return self.kept[code][1:]


def _told(work: Work, comparing: Comparing, entity: Int32, size: int) -> list[Trait]:
    """What profiles tell, and the names read in e-mail addresses."""
    import pyarrow as pa

    found = []
    for trait, (code, texts) in work.profiles.traits.items():
        rows = np.flatnonzero(code >= 0)
        said = (entity[work.profiles.node[rows]], code[rows])
        compared = comparing.of(trait, partial(work.project.resolve.role_of, trait, texts[:SAMPLE]))
        if compared.role != OFF:
            values = comparing.dates(compared, pa.array(texts, pa.string()))
            found.append(_trait(trait, compared.role, values, said, size))
    for role, read in zip(("first_name", "last_name"), work.named, strict=True):
        if not read.node.size:
            continue
        compared = comparing.of(f"{role} in e-mail", partial(str, role))
        if compared.role != OFF:
            said = (entity[read.node], read.place)
            found.append(_trait(compared.trait, role, pa.array(read.texts, pa.string()), said, size))
    return found


def _shown(work: Work, comparing: Comparing, entity: Int32, size: int, listed: Listed) -> list[Trait]:
    """Identifiers of kinds whose values may be misspelled."""
    found = []
    for code, kind in enumerate(work.project.kinds):
        role = work.project.resolve.role_of(kind)
        nodes = np.flatnonzero((work.kind_code == code) & (entity >= 0)).astype(np.int32)
        said_off = work.project.resolve.compare.get(kind) == OFF
        if kind == PROFILE or not nodes.size or (role not in SHOWN and not said_off):
            continue
        compared = comparing.of(kind, partial(str, f"shown_{role}"), shown=True)
        if compared.role != OFF:
            values, place = listed.of(code, nodes)
            rows = rows_of(entity[nodes].astype(np.int64), place, size)
            found.append(Trait(kind, compared.role, values, *rows))
    return found


def _homes(work: Work, comparing: Comparing, number: Int32, size: int) -> list[Trait]:
    """Places entities were seen at. number: the entity of every label, -1 for none."""
    group, place = homes(work)
    if not place.size or comparing.of(HOME, partial(str, HOME)).role == OFF:
        return []
    nodes, at = np.unique(place, return_inverse=True)
    return [_trait(HOME, HOME, _values(work, nodes.astype(np.int32)), (number[group], at), size)]


def _visits(work: Work, comparing: Comparing, label: Int32) -> list[Trait]:
    """How often each entity was seen."""
    import pyarrow as pa

    counts = visits(work)[label]
    if not counts.any() or comparing.of(VISITS, partial(str, VISITS)).role == OFF:
        return []
    distinct, place = np.unique(counts, return_inverse=True)
    said = (np.arange(label.size, dtype=np.int32), place)
    return [_trait(VISITS, VISITS, pa.array(distinct.astype(str), pa.string()), said, label.size)]


def _values(work: Work, nodes: Int32, kind: str | None = None) -> pa.Array:
    """Values of identifiers, which ascend. kind: theirs, if all are of one: it spares the files of all others."""
    import pyarrow as pa

    work.engine.put("_shown", pa.table({"no": nodes}))
    of_kind = "" if kind is None else f" WHERE kind = {text(kind)}"
    found = work.engine.arrow(f"SELECT raw FROM _shown JOIN spellings USING (no){of_kind} ORDER BY no")
    work.engine.drop("_shown")
    return found.column("raw").combine_chunks()


def _trait(
    name: str, role: str, texts: pa.Array, said: tuple[Int32, npt.NDArray[np.integer]], size: int
) -> Trait:
    """said: entities (-1 for none) and the places among texts of what each says."""
    entity, place = said
    held = entity >= 0
    values, new = sort_values(texts)
    return Trait(name, role, values, *rows_of(entity[held].astype(np.int64), new[place[held]], size))


def _constraints(work: Work, entity: Int32, size: int) -> Constraints:
    solution = work.solution
    limits = np.array([kind.limit for kind in work.project.kinds.values() if kind.limit], np.int32)
    held = np.zeros((size, limits.size), np.int32)
    nodes = np.flatnonzero((solution.limited >= 0) & (entity >= 0))
    np.add.at(held, (entity[nodes], solution.limited[nodes]), 1)
    cannot = entity[solution.cannot]
    return Constraints(held, limits, cannot[(cannot >= 0).all(axis=1) & (cannot[:, 0] != cannot[:, 1])])
