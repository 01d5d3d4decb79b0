"""Who is blamed: identifiers that stand between persons who must not be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.weights import PERSONAL

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from scvgraph.resolve.constrained import Clustering, Links
    from scvgraph.work import Work

    Bool = npt.NDArray[np.bool_]
    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]

BLAMABLE = 0.9  # kinds trusted less may turn out to be shared; a loyalty card or an e-mail address may not
MOST_WITNESSES = 32  # of one identifier looked at, the surest first


def rivals(
    work: Work, ends: tuple[Int32, Int32], strength: Int64, best_of: Callable[[Int32], Int64]
) -> dict[int, str]:
    """Ends of refused links that hold a rival about as surely as their own. strength: of each link; best_of: of some
    nodes, that of each one's surest link that was followed, -1 where none was.
    """
    kinds = list(work.project.kinds.values())
    trust = np.array([kind.trust for kind in kinds])
    blamed: dict[int, str] = {}
    for end, other in (ends, ends[::-1]):
        own, rival = work.kind_code[end], work.kind_code[other]
        best = best_of(end)
        near = strength >= work.project.resolve.shared_ratio * best
        hit = (trust[own] < BLAMABLE) & (trust[rival] >= PERSONAL) & near & (best >= 0)
        for number, kind in zip(end[hit].tolist(), rival[hit].tolist(), strict=True):
            blamed[number] = max(blamed.get(number, ""), kinds[kind].name)
    return {
        number: f"used by several persons: rival {kind} values, about equally sure"
        for number, kind in blamed.items()
    }


def contested(work: Work, links: Links, clustering: Clustering, accused: Int32) -> dict[int, str]:
    """Accused identifiers two of whose witnesses are kept apart, whoever keeps them apart."""
    kinds = list(work.project.kinds.values())
    trust_of_kind = np.array([*(kind.trust for kind in kinds), 0.0])
    accused = accused[trust_of_kind[work.kind_code[accused]] < BLAMABLE]
    if not accused.size:
        return {}
    import pandas as pd

    trust = trust_of_kind[work.kind_code]
    chosen = np.zeros(trust.size, np.bool_)
    chosen[accused] = True
    parts = []
    for own, other in ((links.a, links.b), (links.b, links.a)):
        hit = chosen[own] & (trust[other] >= BLAMABLE)
        parts.append(pd.DataFrame({"no": own[hit], "witness": other[hit], "weight": links.weight[hit]}))
    seen = pd.concat(parts, ignore_index=True)
    seen["group"] = clustering.label[seen["witness"]]
    # One witness of each group, whichever: what keeps groups apart is the groups'.
    seen = seen.sort_values(["no", "weight"], ascending=[True, False]).drop_duplicates(["no", "group"])
    seen = seen.groupby("no").head(MOST_WITNESSES)
    pairs = seen.merge(seen, on="no")
    pairs = pairs[pairs["group_x"] < pairs["group_y"]]
    apart = clustering.stand_apart(pairs[["witness_x", "witness_y"]].to_numpy(np.int32))
    return dict.fromkeys(
        np.unique(pairs["no"].to_numpy()[apart]).tolist(),
        "used by several persons: what was seen with it tells of different ones",
    )
