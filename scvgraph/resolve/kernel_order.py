"""The order in which links are followed: surest first, and the same for the same evidence.

Group by group: weight descending, count descending, first seen ascending, then the order of the
identifiers at the ends. All but the last are packed, with the link's position in the low bits, into one
64-bit word each, because numpy sorts plain words several times faster than it sorts indices; as much of the
time as finds no room is settled afterwards inside the runs it leaves tied. What is still tied then is
equal evidence, and only for that is the (dear) order of identifiers asked.

Nothing here is stable, nor needs to be: rows still equal at the end are the same pair of nodes twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.resolve.kernel_compiled import compiled

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from scvgraph.resolve.kernel_compiled import BoolArray, Int32, Int64, UInt64

    Range = tuple[int, int]
    Evidence = tuple[Int32, Int32, Int64]
    Rank = Callable[[Int64], npt.ArrayLike]

WORD = 64
NODE = 0xFFFFFFFF  # the half of `ends` that holds the second node
BIG = (1 << 63) - 1
TABLE = 1 << 22  # values a table of codes may span
LONG_RUN = 256  # from here on numpy sorts a run faster than an insertion does


def surest_first(ends: Int64, group: Int32, rows: Int64, evidence: Evidence, rank: Rank) -> Int64:
    """Positions of links in the order to follow them. O(m log m), about 40 bytes a link.

    `ends`: the two nodes of each link, one in each half; `group`: of each node, from 0 without holes; `rows`:
    of each link in the columns of `evidence` (weight, count, first seen); `rank`: the order of the nodes
    it is given, called only if links of one group tie on all of the evidence.
    """
    if not ends.size:
        return np.empty(0, np.int64)
    low = max(int(ends.size - 1).bit_length(), 1)
    words, late = _packed((ends, group), rows, evidence, low)
    words.sort()
    if late.size:
        _settle(words, late, low)
    tied = np.zeros(words.size, np.bool_)
    if mark_ties(words, late, low, tied):
        _settle_ties(words, np.flatnonzero(tied), (late, ends), low, rank)
    return _positions(words, low)


def _positions(words: UInt64, low: int) -> Int64:
    return (words & np.uint64((1 << low) - 1)).view(np.int64)


def _packed(nodes: tuple[Int64, Int32], rows: Int64, evidence: Evidence, low: int) -> tuple[UInt64, UInt64]:
    """A word for each link, and what of its time did not fit in (nothing at all if every time did)."""
    ends, group = nodes
    ranges = span(rows, *evidence)
    weights, counts = _codes(rows, evidence[0], *ranges[0]), _codes(rows, evidence[1], *ranges[1])
    earliest, latest = ranges[2]
    bits = [int(group.max()).bit_length(), int(weights.max(initial=0)).bit_length()]
    bits += [int(counts.max(initial=0)).bit_length(), (latest - earliest).bit_length()]
    room = WORD - low - sum(bits[:3])
    drop = max(bits[3] - room, 0)
    if not (weights.size and counts.size) or room < 0 or drop >= WORD:
        return _packed_by_rank(group[ends >> 32], rows, evidence, low), np.empty(0, np.uint64)
    words = np.empty(ends.size, np.uint64)
    late = np.empty(ends.size if drop else 0, np.uint64)
    base = ranges[0][1], ranges[1][1], earliest
    sizes = bits[1], bits[2], bits[3] - drop, drop, low
    pack((words, late), (ends, group, rows), evidence, (weights, counts), (base, sizes))
    return words, late


def _codes(rows: Int64, column: Int32, least: int, most: int) -> UInt64:
    """Number the values that occur, the highest first: entry `most - value` is a value's number.

    Nothing at all for values too far apart for a table.
    """
    width = most - least + 1
    if width > TABLE:
        return np.empty(0, np.uint64)
    occurs = np.zeros(width, np.bool_)
    mark_values(rows, column, most, occurs)
    return (np.cumsum(occurs) - 1).astype(np.uint64)


def _packed_by_rank(group: Int32, rows: Int64, evidence: Evidence, low: int) -> UInt64:
    """For evidence too wide for a word (counts in the millions): several times slower, but always fits."""
    weight, count, seen = (column[rows].astype(np.int64) for column in evidence)
    columns = group, -weight, -count, seen
    order = np.lexsort(columns[::-1])
    step = np.zeros(order.size, np.bool_)
    for column in columns:
        step[1:] |= column[order[1:]] != column[order[:-1]]
    return (np.cumsum(step).astype(np.uint64) << np.uint64(low)) | order.astype(np.uint64)


@compiled
def span(rows: Int64, weight: Int32, count: Int32, seen: Int64) -> tuple[Range, Range, Range]:
    """Least and greatest weight, count and time of the rows."""
    low_weight, low_count, low_seen = BIG, BIG, BIG
    high_weight, high_count, high_seen = -BIG, -BIG, -BIG
    for row in rows:
        low_weight, high_weight = min(low_weight, weight[row]), max(high_weight, weight[row])
        low_count, high_count = min(low_count, count[row]), max(high_count, count[row])
        low_seen, high_seen = min(low_seen, seen[row]), max(high_seen, seen[row])
    return (low_weight, high_weight), (low_count, high_count), (low_seen, high_seen)


@compiled
def mark_values(rows: Int64, column: Int32, most: int, occurs: BoolArray) -> None:
    for row in rows:
        occurs[most - column[row]] = True


@compiled
def pack(
    into: tuple[UInt64, UInt64],
    links: tuple[Int64, Int32, Int64],
    evidence: Evidence,
    codes: tuple[UInt64, UInt64],
    layout: tuple[tuple[int, int, int], tuple[int, int, int, int, int]],
) -> None:
    """Write each link's word (group, weight, count, early part of its time, position) and the late part."""
    words, late = into
    ends, group, rows = links
    weight, count, seen = evidence
    weights, counts = codes
    (most_weight, most_count, earliest), sizes = layout
    weight_bits, count_bits, time_bits = np.uint64(sizes[0]), np.uint64(sizes[1]), np.uint64(sizes[2])
    drop, low = np.uint64(sizes[3]), np.uint64(sizes[4])
    dropped = (np.uint64(1) << drop) - np.uint64(1)
    for link in range(ends.size):
        row = rows[link]
        time = np.uint64(seen[row]) - np.uint64(earliest)  # wraps round to the true difference
        word = np.uint64(group[ends[link] >> 32])
        word = (word << weight_bits) | weights[most_weight - weight[row]]
        word = (word << count_bits) | counts[most_count - count[row]]
        word = (word << time_bits) | (time >> drop)
        words[link] = (word << low) | np.uint64(link)
        if late.size:
            late[link] = time & dropped


def _settle(words: UInt64, late: UInt64, low: int) -> None:
    """Sort by the late part of their times the runs of words that tie above their positions."""
    for start, stop in settle_short(words, late, low):
        run = words[start:stop]
        run[:] = run[np.argsort(late[_positions(run, low)], kind="stable")]


@compiled
def settle_short(words: UInt64, late: UInt64, low: int) -> Int64:
    """Sort the short runs where they stand; return where the long ones start and stop, [runs, 2]."""
    shift = np.uint64(low)
    mask = (np.uint64(1) << shift) - np.uint64(1)
    long_runs = np.empty((words.size // LONG_RUN + 1, 2), np.int64)
    found = 0
    start = 0
    while start < words.size:
        stop = start + 1
        while stop < words.size and words[stop] >> shift == words[start] >> shift:
            stop += 1
        if stop - start >= LONG_RUN:
            long_runs[found, 0], long_runs[found, 1] = start, stop
            found += 1
        else:
            for at in range(start + 1, stop):
                word = words[at]
                time = late[word & mask]
                hole = at
                while hole > start and late[words[hole - 1] & mask] > time:
                    words[hole] = words[hole - 1]
                    hole -= 1
                words[hole] = word
        start = stop
    return long_runs[:found]


@compiled
def mark_ties(words: UInt64, late: UInt64, low: int, tied: BoolArray) -> bool:
    """Mark the places of the order whose link ties with the one before or after; say whether there are any."""
    any_tie = False
    shift = np.uint64(low)
    mask = (np.uint64(1) << shift) - np.uint64(1)
    for at in range(1, words.size):
        if words[at] >> shift != words[at - 1] >> shift:
            continue
        if late.size and late[words[at] & mask] != late[words[at - 1] & mask]:
            continue
        tied[at - 1] = tied[at] = any_tie = True
    return any_tie


def _settle_ties(words: UInt64, places: Int64, links: tuple[UInt64, Int64], low: int, rank: Rank) -> None:
    """Sort the words at `places`, all in ties, by the order of the identifiers at their ends."""
    late, ends = links
    at = _positions(words[places], low)
    block = words[places] >> np.uint64(low), late[at] if late.size else np.zeros(at.size, np.uint64)
    new = np.ones(at.size, np.bool_)
    new[1:] = (block[0][1:] != block[0][:-1]) | (block[1][1:] != block[1][:-1])
    nodes, place = np.unique(np.concatenate([ends[at] >> 32, ends[at] & NODE]), return_inverse=True)
    ranks = np.asarray(rank(nodes))[place].reshape(2, -1)
    words[places] = words[places][np.lexsort((ranks.max(axis=0), ranks.min(axis=0), np.cumsum(new)))]
