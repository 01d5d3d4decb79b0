"""Stage match: groups that share no identifier become one where what they tell speaks for one person.

What is joined here stands in table `matches`, with what agreed and what did not, and as links beside the others.
What came near and was not joined stands in `near_matches`, for people to look at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.matching.acquit import acquit
from scvgraph.matching.blocking import Block, blocks_table
from scvgraph.matching.comparisons import Comparison, table_of
from scvgraph.matching.entities import Entities, entities_of
from scvgraph.matching.fixed import FixedModel
from scvgraph.matching.fragments import Joined, fragments
from scvgraph.matching.generations import told_births
from scvgraph.matching.homes import IP
from scvgraph.matching.kernel_linkage import spanning
from scvgraph.matching.matching import Matching, Policy
from scvgraph.matching.matching import match as match_entities
from scvgraph.matching.model import BIT, FREQUENCIES, PARAMETERS, tables_of
from scvgraph.matching.near import near_misses
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt
    import pyarrow as pa

    from scvgraph.config.project import Project

    Int32 = npt.NDArray[np.int32]
    Float64 = npt.NDArray[np.float64]

MATCHED, LEFT_TO = "match", "household"  # rules of links made here
BECAUSE = (
    "of those left at this address it is likeliest theirs, by how often people are seen and what devices they have",
    "nobody else at this address is left to whom it could belong",
)
LEAST, MOST = 1e-6, 1 - 1e-6  # a guess is never sure
NEAR = 0.1  # least weight of a pair that is not joined and worth a look


def match(work: Work) -> Counts:
    """Join groups of `work.solution`; make tables matches and near_matches, and those of the model."""
    counts = {"entities": 0, "matches": 0, "acquitted": 0, "fragments": 0}
    resolve = work.project.resolve
    fixed: FixedModel | None = work.fixed
    entities = entities_of(work, fixed.comparisons if fixed else None) if resolve.match else None
    parts: list[pa.Table] = []
    near = _table((np.empty(0, np.int32),) * 2, MATCHED, np.empty(0), _no_text())
    if entities is None:
        _keep_model(work, (PARAMETERS.empty_table(), FREQUENCIES.empty_table()))
    else:
        work.tell("comparing persons")
        model = fixed.model if fixed else None
        found = match_entities(
            entities.traits, entities.order, entities.constraints, _policy(work.project), model
        )
        join(work, entities.label, entities.label[found.label])
        parts.append(_matches(entities, found))
        near = _near(entities, found)
        work.refused_matches = _refused(entities, found)
        counts |= {"entities": entities.label.size, "matches": parts[0].num_rows, "acquitted": acquit(work)}
        if fixed is not None:
            counts |= fixed.differences(entities.comparisons, work.project.sources)
        if resolve.fragments and (work.solution.shared or work.of_kind(IP).any()):
            parts.append(_left_over(work, entities))
            counts["fragments"] = parts[1].num_rows
            counts["acquitted"] += acquit(work)
        _keep_model(work, tables_of(model or found.model), entities.comparisons, found.blocks)
    work.engine.write_later(near.drop_columns(["rule"]), work.draft.path("near_matches"))
    _keep(work, parts)
    return counts


def _policy(project: Project) -> Policy:
    odds = project.resolve.bar / (1 - project.resolve.bar)
    return Policy(
        cap=project.resolve.cap,
        bar=round(BIT * float(np.log2(odds))),
        generations=project.resolve.date_conflicts,
        nicknames=project.nicknames,
    )


def _keep_model(
    work: Work,
    model: tuple[pa.Table, pa.Table],
    comparisons: Iterable[Comparison] = (),
    blocks: Iterable[Block] = (),
) -> None:
    """Write what pairs were found and scored by."""
    tables = {"model": model[0], "model_frequencies": model[1]}
    tables |= {"comparisons": table_of(comparisons), "blocks": blocks_table(blocks)}
    for table, rows in tables.items():
        work.engine.write_later(rows, work.draft.path(table))


def join(work: Work, label: Int32, joined: Int32) -> None:
    """Give groups the label of the one they are joined to: the least of all."""
    least = np.arange(work.solution.label.size, dtype=np.int32)
    np.minimum.at(least, joined, label)
    least[label] = least[joined]
    work.solution.label = least[work.solution.label]


def _matches(entities: Entities, found: Matching) -> pa.Table:
    """The surest pairs that hold every group of entities together, between the identifiers that stand for them."""
    inside = np.flatnonzero(found.label[found.a] == found.label[found.b])
    rank = entities.order
    inside = inside[np.lexsort((rank[found.b[inside]], rank[found.a[inside]], -found.score[inside]))]
    return _pairs(entities, found, inside[spanning(found.label.size, found.a[inside], found.b[inside])])


def _near(entities: Entities, found: Matching) -> pa.Table:
    """Of every group of entities the surest pair with another that came near."""
    least = round(BIT * float(np.log2(NEAR / (1 - NEAR))))
    score = np.where(found.refused, least - 1, found.score)
    return _pairs(entities, found, near_misses(found.label, entities.order, (found.a, found.b), score, least))


def _refused(entities: Entities, found: Matching) -> pa.Table:
    """Pairs that score as one person's and were refused, with the dates that refused them."""
    import pyarrow as pa

    pairs = np.flatnonzero(found.refused)
    a, b = found.a[pairs], found.b[pairs]
    births = told_births(found.features, found.place[a], found.place[b])
    words = [f"birth dates {one} and {other} under one roof, a generation apart" for one, other in births]
    weight = np.clip(np.round(1 / (1 + np.exp2(-found.score[pairs] / BIT)), 6), LEAST, MOST)
    ends = {"a": entities.face[a], "b": entities.face[b]}
    return pa.table(ends | {"weight": weight, "words": pa.array(words, pa.string())})


def _pairs(entities: Entities, found: Matching, kept: npt.NDArray[np.int64]) -> pa.Table:
    a, b = found.a[kept], found.b[kept]
    bits = found.score[kept] / BIT
    because = _because(found, found.place[a], found.place[b])
    return _table((entities.face[a], entities.face[b]), MATCHED, 1 / (1 + np.exp2(-bits)), because)


def _because(found: Matching, a: Int32, b: Int32) -> pa.Array:
    """What agreed and what did not in each pair: a text for every distinct comparison vector."""
    import pyarrow as pa

    level, _ = found.compare(np.minimum(a, b), np.maximum(a, b))
    distinct, place = np.unique(level, axis=1, return_inverse=True)
    texts = [
        ", ".join(
            f"{column.name.replace('_', ' ')} {column.scale.levels[reached]}"
            for column, reached in zip(found.model.columns, vector, strict=True)
            if reached
        )
        for vector in distinct.T.tolist()
    ]
    return pa.array(texts, pa.string()).take(pa.array(place.ravel()))


def _left_over(work: Work, entities: Entities) -> pa.Table:
    import pyarrow as pa

    tells = np.zeros(work.solution.label.size, np.bool_)
    tells[work.solution.label[entities.label]] = True
    found = fragments(work, tells)
    faces = found.fragment, _face_of(work, entities, found)
    join(work, found.fragment, found.person)
    because = pa.array([BECAUSE[int(left)] for left in found.left], pa.string())
    return _table(faces, LEFT_TO, found.weight, because)


def _face_of(work: Work, entities: Entities, found: Joined) -> Int32:
    """What stands for each person: the face of the first entity in canonical order that the group has; for one that
    tells nothing its least identifier.
    """
    face = np.arange(work.solution.label.size, dtype=np.int32)
    last_first = np.argsort(-entities.order)
    face[work.solution.label[entities.label[last_first]]] = entities.face[last_first]
    return face[found.person]


def _table(ends: tuple[Int32, Int32], rule: str, weight: Float64, because: pa.Array) -> pa.Table:
    import pyarrow as pa

    size = ends[0].size
    return pa.table(
        {
            "a": ends[0],
            "b": ends[1],
            "rule": pa.DictionaryArray.from_arrays(np.zeros(size, np.int8), [rule]),
            "weight": np.clip(np.round(weight, 6), LEAST, MOST),
            "because": because,
        }
    )


def _keep(work: Work, parts: list[pa.Table]) -> None:
    """Set `work.matches`, write table matches."""
    import pyarrow as pa

    nobody = np.empty(0, np.int32)
    empty = _table((nobody, nobody), MATCHED, np.empty(0), _no_text())
    work.matches = pa.concat_tables([empty, *parts]).unify_dictionaries()
    work.engine.write_later(work.matches, work.draft.path("matches"))


def _no_text() -> pa.Array:
    import pyarrow as pa

    return pa.array([], pa.string())
