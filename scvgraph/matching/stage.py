"""Stage match: groups that share no identifier become one where what they tell speaks for one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.matching.entities import Entities, entities_of
from scvgraph.matching.kernel_linkage import spanning
from scvgraph.matching.matching import Matching
from scvgraph.matching.matching import match as match_entities
from scvgraph.work import Counts, Work

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

MATCHED = "match"  # the rule of a link made here


def match(work: Work) -> Counts:
    """Join groups of `work.solution`; the links that hold them together go to `work.matches`."""
    entities = entities_of(work)
    if entities is None:
        return {"entities": 0, "pairs": 0, "matches": 0}
    work.tell("comparing persons")
    found = match_entities(entities.traits, entities.order, entities.constraints)
    _join(work, entities.label, entities.label[found.label])
    links = _links(entities, found)
    work.matches.append(links)
    return {"entities": entities.label.size, "pairs": found.a.size, "matches": links.num_rows}


def _join(work: Work, label: npt.NDArray[np.int32], joined: npt.NDArray[np.int32]) -> None:
    """Give groups the label of the one they are joined to: the least of all."""
    least = np.arange(work.solution.label.size, dtype=np.int32)
    np.minimum.at(least, joined, label)
    least[label] = least[joined]
    work.solution.label = least[work.solution.label]


def _links(entities: Entities, found: Matching) -> pa.Table:
    """The surest pairs that hold every group of entities together, as links between those that stand for them."""
    import pyarrow as pa

    inside = np.flatnonzero(found.label[found.a] == found.label[found.b])
    rank = entities.order
    first = np.lexsort((rank[found.b[inside]], rank[found.a[inside]], -found.score[inside]))
    inside = inside[first]
    kept = inside[spanning(found.label.size, found.a[inside], found.b[inside])]
    probability = 1 / (1 + np.exp2(-found.score[kept] / 1000))
    none = pa.nulls(kept.size, pa.timestamp("us"))
    return pa.table(
        {
            "a": entities.face[found.a[kept]],
            "b": entities.face[found.b[kept]],
            "rule": pa.array([MATCHED] * kept.size, pa.string()).dictionary_encode(),
            "count": np.ones(kept.size, np.int64),
            "first_seen": none,
            "last_seen": none,
            "weight": np.clip(np.round(probability, 6), 1e-6, 1 - 1e-6),
        }
    )
