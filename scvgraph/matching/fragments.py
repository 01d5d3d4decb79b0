"""Anonymous groups in a home: a device nobody signed in on belongs to the one person there whom it can belong to.

That is a guess by elimination, so it is bounded: the home's address shows few groups, exactly one person is left when
all are passed over whom a constraint or as many devices as people have rule out, and no further fragment could as
well be theirs. What is left of doubt is in the link's weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.matching.homes import IP, homes
from scvgraph.weights import PERSONAL

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from scvgraph.work import Work

    Bool = npt.NDArray[np.bool_]
    Int32 = npt.NDArray[np.int32]

MOST_GROUPS = 6  # at an address that is looked at
MOST_PERSONS = 5  # at a fragment's addresses together
ALONE, LEFT_OVER = 0.95, 0.75  # weights: one person and one fragment are all there is; one is left of several
USUAL = 0.9  # share of persons that have no more devices than people have


@dataclass(frozen=True, slots=True)
class Joined:
    """fragment, person: labels of groups to be joined. weight: how likely that is right."""

    fragment: Int32
    person: Int32
    weight: npt.NDArray[np.float64]


def fragments(work: Work, tells: Bool) -> Joined:
    """Anonymous groups and the persons they are left to. tells: of every label, whether its group tells of a person."""
    solution = work.solution
    person = tells.copy()
    person[solution.label[solution.active & work.of_kind("email")]] = True
    near = _neighbours(work, person)
    held = _held(work)
    near["ok"] = _may_join(work, near, held)
    devices, most = _devices(work, person)
    sole = (near["persons"] == 1) & (near["fragments"] == 1)
    near = near[near["ok"] & (sole | (devices[near["fragment"]] + devices[near["person"]] <= most))]
    near = near[near.groupby("fragment")["person"].transform("size") == 1]
    alone = (near["fragments"] == 1) & (near["persons"] <= MOST_PERSONS)
    near = near[alone | ((near["persons"] == 1) & (near["fragments"] == 2))]
    near = near[~_crowded(near, held)].sort_values("fragment")
    weight = np.full(len(near), LEFT_OVER)
    weight[((near["persons"] == 1) & (near["fragments"] == 1)).to_numpy()] = ALONE
    return Joined(near["fragment"].to_numpy(np.int32), near["person"].to_numpy(np.int32), weight)


def _neighbours(work: Work, person: Bool) -> pd.DataFrame:
    """Every fragment and each person met at its addresses, with how many persons and fragments there are."""
    import pandas as pd

    group, place = homes(work)
    crowd = np.bincount(place, minlength=work.kind_code.size)
    small = work.of_kind(IP)[place] & (crowd[place] > 1) & (crowd[place] <= MOST_GROUPS)
    seen = pd.DataFrame({"group": group[small], "place": place[small]})
    own = seen[~person[seen["group"]]].rename(columns={"group": "fragment"})
    met = own.merge(seen, on="place")[["fragment", "group"]].drop_duplicates()
    met["person"] = person[met["group"]]
    counts = met.groupby("fragment")["person"].agg(persons="sum", every="size")
    counts["fragments"] = counts["every"] - counts["persons"]
    near = met[met["person"]].drop(columns="person").rename(columns={"group": "person"})
    return near.merge(counts[["persons", "fragments"]].reset_index(), on="fragment")


def _held(work: Work) -> list[Int32]:
    """Of every limited kind how many each label's group holds."""
    solution = work.solution
    size = solution.label.size
    return [
        np.bincount(solution.label[solution.active & (solution.limited == n)], minlength=size).astype(
            np.int32
        )
        for n in range(int(solution.limited.max(initial=-1)) + 1)
    ]


def _may_join(work: Work, near: pd.DataFrame, held: list[Int32]) -> Bool:
    """Whether no limit and no human decision stands between a fragment and a person."""
    fragment, person = near["fragment"].to_numpy(), near["person"].to_numpy()
    free = np.ones(fragment.size, np.bool_)
    limits = [kind.limit for kind in work.project.kinds.values() if kind.limit]
    for many, limit in zip(held, limits, strict=False):
        free &= (many[fragment] == 0) | (many[person] == 0) | (many[fragment] + many[person] <= limit)
    cannot = work.solution.label[work.solution.cannot].astype(np.int64)
    barred = np.concatenate([cannot[:, 0] << 32 | cannot[:, 1], cannot[:, 1] << 32 | cannot[:, 0]])
    free &= ~np.isin(fragment.astype(np.int64) << 32 | person, barred)
    return free


def _crowded(near: pd.DataFrame, held: list[Int32]) -> Bool:
    """Fragments of one person that together hold anything limited: which of them would be right nobody can say."""
    crowded = np.zeros(len(near), np.bool_)
    for many in held:
        holders = near.assign(holds=many[near["fragment"]] > 0)
        crowded |= (holders["holds"] & (holders.groupby("person")["holds"].transform("sum") > 1)).to_numpy()
    return crowded


def _devices(work: Work, person: Bool) -> tuple[Int32, int]:
    """Devices of each label's group: identifiers of the surest kind that stands for no person; and the most that
    people usually have.
    """
    solution = work.solution
    kinds = [
        (kind.trust, name)
        for name, kind in work.project.kinds.items()
        if kind.links and kind.trust < PERSONAL
    ]
    device = max(kinds)[1] if kinds else ""
    chosen = solution.label[solution.active & work.of_kind(device)]
    devices = np.bincount(chosen, minlength=solution.label.size).astype(np.int32)
    had = np.sort(devices[person & (devices > 0)])
    return devices, int(had[int(USUAL * (had.size - 1))]) if had.size else 0
