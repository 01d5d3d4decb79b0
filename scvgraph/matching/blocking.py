"""Candidate pairs: many narrow keys, so that a pair spoilt in one respect meets in another.

A rule is one to three atoms that must all be equal. Blocks above the cap are left out and counted: they say nothing
but that a key is common, and cost their size squared. Survey: Papadakis, Skoutas, Thanos and Palpanas 2020,
"Blocking and filtering techniques for entity resolution", ACM Computing Surveys 53.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from scvgraph.matching.atoms import Atom, atoms_of
from scvgraph.matching.features import Features
from scvgraph.matching.kernel_blocks import block_pairs, recurring
from scvgraph.matching.kernel_compiled import Int32, UInt64
from scvgraph.matching.sampling import ends, spread
from scvgraph.matching.traits import owners

EVERYTHING = "everything"  # equal in every trait
RULES = (
    "tokens", "tokens year", "tokens outward", "tokens place", "token year place", "token year outward",
    "token year", "token place", "token outward", "token day", "token category", "token date",
    "given family", "initial family", "given capital", "initial family middle", "given family middle",
    "date", "date initial", "date place", "day outward", "year outward", "postcode",
    "code", "front", "back", "front initial", "back initial", "front year", "back year",
    "address initial", "address middle", "address date", "address token", "address year",
    "street date", "street initial middle", "street family", "street given", "street token year", "line token",
    "email", "mailbox", "early", "late", "phone", "home", EVERYTHING,
)  # fmt: skip
PERSONAL = frozenset(
    {"date", "code", "front", "back", "email", "mailbox", "early", "late", "tokens", "given"}
)
# Blocks of a first letter are wide, and what they find beyond those of the whole name is little: half the cap.
WIDE = frozenset({"initial family", "given capital"})
_ANY_GROUP = 1000  # groups above this many entities are not enumerated


@dataclass(frozen=True, slots=True)
class Block:
    """What one rule found, and what its cap dropped."""

    rule: str
    columns: frozenset[str]  # those of the comparison that the rule rests on
    personal: bool  # whether it rests on something that says who
    pairs: int
    dropped_blocks: int
    dropped_entities: int
    dropped_pairs: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """All pairs of all rules once, ascending, as words with the lower entity in the high half."""

    pairs: UInt64
    blocks: tuple[Block, ...]
    samples: tuple[UInt64, ...]  # some pairs of each rule


def candidates(features: Features, content: UInt64, cap: int, sample: int) -> Candidates:
    """The candidate pairs of every rule whose atoms the features have.

    content: a word for all that each entity tells, 0 for nothing. sample: most pairs a rule to keep apart.
    """
    atoms = atoms_of(features)
    atoms[EVERYTHING] = [_everything(features, content)]
    blocks, samples, kept = [], [], [np.empty(0, np.uint64)]
    for rule in RULES:
        for atom in _keys(rule.split(" "), atoms):
            pairs, dropped = pairs_of(atom, cap // 2 if rule in WIDE else cap)
            personal = bool(PERSONAL & set(rule.split(" ")))
            blocks.append(Block(rule, atom.columns, personal, pairs.size, *dropped))
            samples.append(spread(pairs, sample).copy())
            kept.append(pairs)
    every = np.concatenate(kept)
    kept.clear()
    every.sort()
    fresh = np.ones(every.size, np.bool_)
    np.not_equal(every[1:], every[:-1], out=fresh[1:])
    return Candidates(every[fresh], tuple(blocks), tuple(samples))


def _everything(features: Features, content: UInt64) -> Atom:
    start = np.zeros(content.size + 1, np.int32)
    np.cumsum(content != 0, out=start[1:])
    return Atom(start, content[content != 0], frozenset(column.name for column in features.columns))


def _keys(words: list[str], atoms: dict[str, list[Atom]]) -> list[Atom]:
    """The atoms of a rule combined; none if one is missing. Of several traits of one role each makes a key."""
    made = atoms.get(words[0], [])
    for word in words[1:]:
        made = [one * other for one in made for other in atoms.get(word, [])]
    return made


def pairs_of(atom: Atom, cap: int) -> tuple[UInt64, tuple[int, int, int]]:
    """Pairs of entities with a key in common, and the blocks, entities and pairs that the cap dropped."""
    again = np.empty(atom.key.size, np.bool_)
    recurring(atom.key, np.zeros(1 << (4 * atom.key.size).bit_length(), np.uint8), again)
    key, member = atom.key[again], owners(atom.start).astype(np.int32)[again]
    order = np.argsort(key, kind="stable")
    key, member = key[order], member[order]
    edge = np.zeros(1, np.int64)
    if key.size:
        edge = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1], [True]]))
    size = np.diff(edge)
    over, kept = size[size > cap], (size > 1) & (size <= cap)
    place = np.concatenate([[0], np.cumsum(size[kept] * (size[kept] - 1) // 2)]).astype(np.int64)
    pairs = np.empty(place[-1], np.uint64)
    block_pairs(edge[:-1][kept], edge[1:][kept], member, place, pairs)
    low, high = ends(pairs)
    return pairs[low != high], (over.size, int(over.sum()), int((over * (over - 1) // 2).sum()))


def pairs_inside(label: Int32) -> tuple[Int32, Int32]:
    """All pairs of entities with the same label, of groups up to a thousand entities."""
    every = Atom(np.arange(label.size + 1, dtype=np.int32), label.astype(np.uint64), frozenset())
    return ends(pairs_of(every, _ANY_GROUP)[0])


def blocks_table(blocks: Iterable[Block]) -> pa.Table:
    """Table `blocks`: a row a rule and the columns it rests on."""
    whole = ("pairs", "dropped_blocks", "dropped_entities", "dropped_pairs")
    rows = list(blocks)
    columns = {
        "rule": pa.array([each.rule for each in rows], pa.string()),
        "traits": pa.array([", ".join(sorted(each.columns)) for each in rows], pa.string()),
    }
    return pa.table(
        columns | {name: pa.array([getattr(each, name) for each in rows], pa.int64()) for name in whole}
    )
