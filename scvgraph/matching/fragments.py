"""Anonymous groups in a home: a device nobody signed in on belongs to the one person there whom it can belong to.

That is a guess by elimination, so it is bounded: the home's address shows few groups, exactly one person is left when
all are passed over whom a constraint or as many devices as people have rule out, and no further fragment could as
well be theirs. Where one person and one fragment are all there is, devices are not counted. What is left of doubt is
in the link's weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.matching.homes import homes
from scvgraph.matching.visits import Habit, visits
from scvgraph.roles import role_of
from scvgraph.weights import PERSONAL

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from scvgraph.work import Work

    Bool = npt.NDArray[np.bool_]
    Int32 = npt.NDArray[np.int32]
    Int64 = npt.NDArray[np.int64]
    Float64 = npt.NDArray[np.float64]

MOST_GROUPS = 6  # at an address that is looked at
MOST_PERSONS, MOST_FRAGMENTS = 5, 2  # at a fragment's addresses together
ALONE, LEFT_OVER = 0.95, 0.75  # weights: one person and one fragment are all there is; one is left of several
USUAL = 0.99  # share of persons that have no more devices than people have
UNSEEN = 0.5  # odds of one more person, who never says who they are, against one of those known
LIKELY = (
    0.5  # a fragment is joined at a greater chance: then it is one person's alone, for chances add up to one
)


@dataclass(frozen=True, slots=True)
class Joined:
    """fragment, person: labels of groups to be joined. weight: how likely that is right. left: whether all others were
    ruled out; else the person is the likeliest of several.
    """

    fragment: Int32
    person: Int32
    weight: Float64
    left: Bool


@dataclass(frozen=True, slots=True)
class Held:
    """What each label's group holds, counted up as fragments are joined: of every limited kind; devices; visits."""

    limited: list[Int32]
    devices: Int32
    visits: Int64

    def add(self, person: Int32, fragment: Int32) -> None:
        """Give each person, who stands there once, what a fragment holds."""
        for many in (*self.limited, self.devices):
            many[person] += many[fragment]
        self.visits[person] += self.visits[fragment]


def fragments(work: Work, tells: Bool) -> Joined:
    """Anonymous groups and the persons they are left to. tells: of every label, whether its group tells of a person.

    In rounds, for what one fragment brings a person rules out others: each person is given the likeliest of the
    fragments that are likeliest theirs.
    """
    import pandas as pd

    solution = work.solution
    person = tells.copy()
    for kind in (kind for kind in work.project.kinds if _is_email(work, kind)):
        person[solution.label[solution.active & work.of_kind(kind)]] = True
    near = _neighbours(work, person)
    near = near[(near["persons"] <= MOST_PERSONS) & (near["fragments"] <= MOST_FRAGMENTS)]
    near["rank"] = _ranks(work, near["fragment"].to_numpy())
    devices, most = _devices(work, person)
    held = Held(_held(work), devices, visits(work))
    habits = _habits(held, person, near)
    rounds = [near.iloc[:0].assign(chance=0.0, open=0)]
    looked_at, persons = near, near["person"]
    while len(chosen := _round(work, looked_at, held, most, habits, persons)):
        held.add(chosen["person"].to_numpy(), chosen["fragment"].to_numpy())
        looked_at, persons = _affected(near, chosen)
        gone = chosen["fragment"]
        near, looked_at = near[~near["fragment"].isin(gone)], looked_at[~looked_at["fragment"].isin(gone)]
        rounds.append(chosen)
    found = pd.concat(rounds).sort_values("rank")
    sole = (found["persons"] == 1) & (found["fragments"] == 1)
    left = (found["open"] == 1).to_numpy()
    likeliest = np.minimum(found["chance"].to_numpy(np.float64), LEFT_OVER)
    weight = np.where(left, np.where(sole, ALONE, LEFT_OVER), likeliest)
    ends = found["fragment"].to_numpy(np.int32), found["person"].to_numpy(np.int32)
    return Joined(*ends, weight, left)


def _is_email(work: Work, kind: str) -> bool:
    """Whether a kind is of e-mail addresses, by its name or as declared; they tell of a person even if not compared."""
    return "email" in (role_of(kind), work.project.resolve.role_of(kind))


def _affected(near: pd.DataFrame, chosen: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Persons whose outcome may be another after some were given fragments, and all rows of all their fragments.

    Those who were, those in question beside them, whose chances change, and who those were in question with, whose
    fragments then crowd no more.
    """
    changed = near["fragment"][near["person"].isin(chosen["person"])]
    persons = near["person"][near["fragment"].isin(changed)]
    return near[near["fragment"].isin(near["fragment"][near["person"].isin(persons)])], persons


def _round(
    work: Work,
    near: pd.DataFrame,
    held: Held,
    most: int,
    habits: tuple[Habit, Habit],
    persons: pd.Series,
) -> pd.DataFrame:
    """Of the fragments that are left those that are now joined to one of some persons, one a person at most.

    near: of each of these persons every fragment, and of each of the fragments every person.
    """
    fragment, person = near["fragment"].to_numpy(), near["person"].to_numpy()
    sole = ((near["persons"] == 1) & (near["fragments"] == 1)).to_numpy()
    ok = _may_join(work, near, held.limited)
    ok &= sole | (held.devices[fragment] + held.devices[person] <= most)
    near = near[ok]
    near = near.assign(
        chance=_chances(near, held, habits), open=near.groupby("fragment")["person"].transform("size")
    )
    near = near[near["chance"] > LIKELY]
    near = near[~_crowded(near, held.limited) & near["person"].isin(persons)]
    return near.sort_values(["chance", "rank"], ascending=[False, True]).drop_duplicates("person")


def _chances(near: pd.DataFrame, held: Held, habits: tuple[Habit, Habit]) -> Float64:
    """How likely each fragment is each person's, by how often people are seen and how many devices they have."""
    fragment, person = near["fragment"].to_numpy(), near["person"].to_numpy()
    of_visits, of_devices = habits
    odds = of_visits.odds_to_join(held.visits[person], held.visits[fragment])
    odds = odds + of_devices.odds_to_join(held.devices[person], held.devices[fragment])
    weigh = np.exp(np.clip(odds, -50, 50))
    every = near.assign(weigh=weigh).groupby("fragment")["weigh"].transform("sum").to_numpy()
    return np.round(weigh / (every + UNSEEN), 9)


def _habits(held: Held, person: Bool, near: pd.DataFrame) -> tuple[Habit, Habit]:
    """How often persons are seen, and how many devices they have; of those seen at all."""
    seen = person & (held.visits > 0)
    often, devices = held.visits[seen], held.devices[seen].astype(np.int64)
    return (
        Habit.of_visits(often, _most(held.visits, near)),
        Habit.as_counted(devices, _most(held.devices, near)),
    )


def _most(counts: Int32 | Int64, near: pd.DataFrame) -> int:
    """The most that anybody can come to: a person with all fragments that may be theirs."""
    fragment, person = near["fragment"].to_numpy(), near["person"].to_numpy()
    brought = np.bincount(person, counts[fragment], minlength=counts.size)
    return int((counts + brought)[person].max(initial=0))


def _ranks(work: Work, fragment: Int32) -> Int64:
    """Order of fragments by the least of their identifiers by kind and value."""
    import pyarrow as pa

    wanted = np.zeros(work.solution.label.size, np.bool_)
    wanted[fragment] = True
    nodes = np.flatnonzero(work.solution.active & wanted[work.solution.label]).astype(np.int32)
    work.engine.put("_members", pa.table({"no": nodes, "label": work.solution.label[nodes]}))
    found = work.engine.arrow(
        "SELECT label, row_number() OVER (ORDER BY min(s.kind || chr(31) || s.raw)) AS rank"
        " FROM _members JOIN spellings s USING (no) GROUP BY label"
    )
    work.engine.drop("_members")
    rank = np.zeros(work.solution.label.size, np.int64)
    rank[found.column("label").to_numpy()] = found.column("rank").to_numpy()
    return rank[fragment]


def _neighbours(work: Work, person: Bool) -> pd.DataFrame:
    """Every fragment and each person met at its addresses, with how many persons and fragments there are."""
    import pandas as pd

    group, place = homes(work)
    crowd = np.bincount(place, minlength=work.kind_code.size)
    small = (crowd[place] > 1) & (crowd[place] <= MOST_GROUPS)
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
