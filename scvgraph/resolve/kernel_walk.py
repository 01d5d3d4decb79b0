"""Follow links in order, joining two groups unless a constraint stands between them.

Invariant: `up[x]` of a root is `~mask`, negative, where the mask says what the group holds; of any other node
it is a node nearer to the root. So a link whose groups hold nothing in common is judged without reading
anything but `up`, and one refused by a unique kind as well: what is left costs a row of counts or a list.

Mask: bit j (j < 27) for a member of limited kind j, bit 27 for one of any further kind, bits 28 and 29 for a
member that tells the first or the second of the traits that may conflict, bit 30 for one with a cannot-link.

Two groups conflict over a trait if both tell it and no value of one is compatible with a value of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.resolve.kernel_compiled import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.resolve.kernel_compiled import BoolArray, Int8, Int16, Int32, Int64
    from scvgraph.work import Told

    Spelled = tuple[npt.NDArray[np.uint8], Int32, Int32, Int32, Int32]

CANNOT = -1
FOLLOWED = -2
CONFLICT = -3  # over the first trait; one less for each further one
FURTHER_KINDS = 27
KIND_BITS = (1 << FURTHER_KINDS + 1) - 1
TRAIT = 28  # bit of the first trait
TRAITS = 2
TRAIT_BITS = 3 << TRAIT
CANNOT_BIT = 1 << 30
SPACE = 32
BEGINNING, EDITABLE, SIMILAR = 3, 4, 0.92  # letters, letters, Jaro-Winkler similarity
VALUES_KEPT = 64  # of one trait in one group: who has more conflicts with nobody new
NODE = 0xFFFFFFFF  # the half of a packed pair that holds the second node
AHEAD = 64  # links looked up together, so that their cache misses overlap
FIRST, LAST, LENGTH = 0, 1, 2  # columns of `lists`
AFTER, PARTNER = 0, 1  # columns of `entries`
CODE = 1  # second column of `values`


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of nodes while links are followed."""

    up: Int32  # [nodes]
    count: Int32  # [nodes, k] of a root: members of each limited kind
    limits: Int32  # [k]
    lists: Int64  # [nodes, 3] of a root: first and last entry of its cannot-links, and how many
    entries: Int64  # [2q, 2] the entry after it or -1, and the node at the other end
    told: Int32  # [nodes, TRAITS, 2] of a root: first and last of the values it tells of each trait, or -1
    values: Int32  # [v, 2] the value after it or -1, and its code
    spelled: Spelled  # what `compatible` compares codes by


def alone(kind: Int8, limits: Int32, cannot: Int64, told: Told) -> Groups:
    """Every node in a group of its own. `cannot`: pairs, one node in each half; `told`: its nodes are these."""
    up = np.full(kind.size, ~0, np.int32)
    count = np.zeros((kind.size, limits.size), np.int32)
    mark_kinds(up, count, kind)
    lists = np.full((kind.size if cannot.size else 0, 3), -1, np.int64)
    lists[:, LENGTH] = 0
    entries = np.full((2 * cannot.size, 2), -1, np.int64)
    hold_apart(up, lists, entries, cannot)
    tells = np.full((kind.size if told.node.size else 0, TRAITS, 2), -1, np.int32)
    values = np.full((told.node.size, 2), -1, np.int32)
    mark_told(up, tells, values, (told.node, told.trait, told.code))
    return Groups(up, count, limits, lists, entries, tells, values, told.spelled)


def follow_must(groups: Groups, ends: Int64) -> Int16:
    """Follow human links in the order given: only a cannot-link stops them, and the verdict is CANNOT then."""
    verdict = np.full(ends.size, FOLLOWED, np.int16)
    walk_must(
        groups.up,
        groups.count,
        (groups.lists, groups.entries),
        (groups.told, groups.values),
        (ends, verdict),
    )
    return verdict


def follow(groups: Groups, ends: Int64, order: Int64, trusted: BoolArray) -> tuple[Int16, Int32]:
    """Follow links in order. The verdict on each is what refused it, or FOLLOWED; and for those refused over a
    trait the least value of either group, [d, 2], the lesser first. A trusted link is refused over no trait.

    Finding a group halves the path to its root (R. Tarjan and J. van Leeuwen, "Worst-case analysis of set
    union algorithms", JACM 1984: O(log) amortised for any choice of the surviving root). Kinds are compared
    in O(k) at worst; cannot-links by reading the shorter of two lists, and lists are joined end to end; values
    of a trait pair by pair.
    """
    verdict = np.full(ends.size, FOLLOWED, np.int16)
    over_values = np.full((ends.size, 2), -1, np.int32)
    walk(
        groups.up,
        (groups.count, groups.limits),
        (groups.lists, groups.entries),
        (groups.told, groups.values, groups.spelled),
        (ends, order, trusted),
        (verdict, over_values),
    )
    return verdict, over_values


def stand_apart(groups: Groups, ends: Int64) -> BoolArray:
    """Whether something stands between the groups of two nodes as they are now, for each pair."""
    apart = np.zeros(ends.size, np.bool_)
    compare_groups(
        groups.up,
        (groups.count, groups.limits),
        (groups.lists, groups.entries),
        (groups.told, groups.values, groups.spelled),
        (ends, apart),
    )
    return apart


def relabel(groups: Groups, node: Int32, label: Int32) -> None:
    """Write the least member of each group over the labels of `node`, the nodes as the caller numbers them."""
    least_members(groups.up, node, np.full(node.size, -1, np.int32), label)


@compiled
def mark_kinds(up: Int32, count: Int32, kind: Int8) -> None:
    for node in range(kind.size):
        if kind[node] >= 0:
            count[node, kind[node]] = 1
            up[node] = ~np.int32(1 << min(kind[node], FURTHER_KINDS))


@compiled
def hold_apart(up: Int32, lists: Int64, entries: Int64, cannot: Int64) -> None:
    for entry in range(entries.shape[0]):
        x, y = cannot[entry >> 1] >> 32, cannot[entry >> 1] & NODE
        if entry & 1:
            x, y = y, x
        entries[entry, PARTNER] = y
        if lists[x, LENGTH] == 0:
            lists[x, FIRST] = entry
        else:
            entries[lists[x, LAST], AFTER] = entry
        lists[x, LAST] = entry
        lists[x, LENGTH] += 1
        up[x] = ~(~up[x] | np.int32(CANNOT_BIT))


@compiled
def mark_told(up: Int32, told: Int32, values: Int32, said: tuple[Int32, Int8, Int32]) -> None:
    nodes, traits, codes = said
    for value in range(nodes.size):
        node, trait = nodes[value], traits[value]
        values[value, CODE] = codes[value]
        if told[node, trait, FIRST] < 0:
            told[node, trait, FIRST] = value
        else:
            values[told[node, trait, LAST], AFTER] = value
        told[node, trait, LAST] = value
        up[node] = ~(~up[node] | np.int32(1 << (TRAIT + trait)))


@compiled
def walk(  # noqa: C901 - one loop: a call for each link would cost more than what it does
    up: Int32,
    kinds: tuple[Int32, Int32],
    cannot: tuple[Int64, Int64],
    traits: tuple[Int32, Int32, Spelled],
    links: tuple[Int64, Int64, BoolArray],
    verdicts: tuple[Int16, Int32],
) -> None:
    count, limits = kinds
    lists, entries = cannot
    told, values, spelled = traits
    ends, order, trusted = links
    verdict, over_values = verdicts
    near = np.empty((AHEAD, 2), np.int32)
    for start in range(0, order.size, AHEAD):
        ahead = look_ahead(up, ends, order[start : start + AHEAD], near)
        for i in range(ahead):
            u, v = find(up, near[i, 0]), find(up, near[i, 1])
            if u == v:
                continue
            link = order[start + i]
            said = FOLLOWED
            both = ~up[u] & ~up[v]
            if both & CANNOT_BIT and apart(up, lists, entries, u, v):
                said = CANNOT
            elif both & KIND_BITS:
                said = over(count, limits, both, u, v)
            if said == FOLLOWED and both & TRAIT_BITS and not trusted[link]:
                said = conflict(told, values, spelled, both, u, v)
                if said != FOLLOWED:
                    one, other = (
                        least(told, values, u, CONFLICT - said),
                        least(told, values, v, CONFLICT - said),
                    )
                    over_values[link, 0], over_values[link, 1] = min(one, other), max(one, other)
            if said != FOLLOWED:
                verdict[link] = said
            elif ~up[u] == 0:
                up[u] = v
            elif ~up[v] == 0:
                up[v] = u
            else:
                join(up, count, lists, entries, (told, values), u, v)


@compiled
def look_ahead(up: Int32, ends: Int64, order: Int64, near: Int32) -> int:
    """Note a node above each end of the next links, or the end itself; says how many links there were."""
    for i in range(order.size):
        pair = ends[order[i]]
        near[i, 0] = pair >> 32
        near[i, 1] = pair & NODE
    for i in range(order.size):
        x, y = near[i, 0], near[i, 1]
        above_x, above_y = up[x], up[y]
        near[i, 0] = above_x if above_x >= 0 else x
        near[i, 1] = above_y if above_y >= 0 else y
    return order.size


@compiled
def walk_must(
    up: Int32,
    count: Int32,
    cannot: tuple[Int64, Int64],
    traits: tuple[Int32, Int32],
    links: tuple[Int64, Int16],
) -> None:
    lists, entries = cannot
    ends, verdict = links
    for link in range(ends.size):
        u, v = find(up, np.int32(ends[link] >> 32)), find(up, np.int32(ends[link] & NODE))
        if u == v:
            continue
        if ~up[u] & ~up[v] & CANNOT_BIT and apart(up, lists, entries, u, v):
            verdict[link] = CANNOT
        else:
            join(up, count, lists, entries, traits, u, v)


@compiled
def compare_groups(
    up: Int32,
    kinds: tuple[Int32, Int32],
    cannot: tuple[Int64, Int64],
    traits: tuple[Int32, Int32, Spelled],
    pairs: tuple[Int64, BoolArray],
) -> None:
    count, limits = kinds
    lists, entries = cannot
    told, values, spelled = traits
    ends, between = pairs
    for pair in range(ends.size):
        u, v = find(up, np.int32(ends[pair] >> 32)), find(up, np.int32(ends[pair] & NODE))
        if u == v:
            continue
        both = ~up[u] & ~up[v]
        if (
            (both & CANNOT_BIT and apart(up, lists, entries, u, v))
            or (both & KIND_BITS and over(count, limits, both, u, v) != FOLLOWED)
            or (both & TRAIT_BITS and conflict(told, values, spelled, both, u, v) != FOLLOWED)
        ):
            between[pair] = True


@compiled
def find(up: Int32, node: np.int32) -> np.int32:
    """Root of a node; the path to it is halved."""
    above: np.int32 = up[node]
    while above >= 0:
        further: np.int32 = up[above]
        if further < 0:
            return above
        up[node] = further
        node = further
        above = up[node]
    return node


# Small helpers take few arrays, for each one passed is reference-counted at every call.


@compiled
def over(count: Int32, limits: Int32, both: int, u: np.int32, v: np.int32) -> int:
    """The first kind, of those in the mask `both`, that groups u and v hold too many of; else FOLLOWED."""
    for kind in range(limits.size):
        if both >> min(kind, FURTHER_KINDS) & 1:
            if limits[kind] == 1 and kind < FURTHER_KINDS:  # the mask says it all: spare two cache misses
                return kind
            ours, theirs = count[u, kind], count[v, kind]
            if ours and theirs and ours + theirs > limits[kind]:
                return kind
    return FOLLOWED


@compiled
def apart(up: Int32, lists: Int64, entries: Int64, u: np.int32, v: np.int32) -> bool:
    """Whether a cannot-link lies between groups u and v, read off the shorter list."""
    if lists[v, LENGTH] < lists[u, LENGTH]:
        u, v = v, u
    entry = lists[u, FIRST]
    while entry >= 0:
        if find(up, np.int32(entries[entry, PARTNER])) == v:
            return True
        entry = entries[entry, AFTER]
    return False


@compiled
def join(
    up: Int32,
    count: Int32,
    lists: Int64,
    entries: Int64,
    traits: tuple[Int32, Int32],
    u: np.int32,
    v: np.int32,
) -> None:
    """Make one group of two, of which u survives."""
    held = ~up[v]
    common = ~up[u] & held
    up[u] &= up[v]
    up[v] = u
    if held & KIND_BITS:
        for kind in range(count.shape[1]):
            count[u, kind] += count[v, kind]
    if held & CANNOT_BIT:
        if lists[u, LENGTH]:
            entries[lists[u, LAST], AFTER] = lists[v, FIRST]
        else:
            lists[u, FIRST] = lists[v, FIRST]
        lists[u, LAST] = lists[v, LAST]
        lists[u, LENGTH] += lists[v, LENGTH]
    if held & TRAIT_BITS:
        told, values = traits
        for trait in range(TRAITS):
            if not held >> (TRAIT + trait) & 1:
                continue
            if common >> (TRAIT + trait) & 1:
                take_values(told, values, trait, u, v)
            else:
                told[u, trait, FIRST], told[u, trait, LAST] = told[v, trait, FIRST], told[v, trait, LAST]


@compiled
def take_values(told: Int32, values: Int32, trait: int, u: np.int32, v: np.int32) -> None:
    """Append to what u tells of a trait what only v tells."""
    kept = 0
    value = told[u, trait, FIRST]
    while value >= 0:
        kept += 1
        value = values[value, AFTER]
    value = told[v, trait, FIRST]
    while value >= 0 and kept < VALUES_KEPT:
        after = values[value, AFTER]
        known = told[u, trait, FIRST]
        while known >= 0 and values[known, CODE] != values[value, CODE]:
            known = values[known, AFTER]
        if known < 0:
            values[value, AFTER] = -1
            values[told[u, trait, LAST], AFTER] = value
            told[u, trait, LAST] = value
            kept += 1
        value = after


@compiled
def conflict(told: Int32, values: Int32, spelled: Spelled, both: int, u: np.int32, v: np.int32) -> int:
    """The first trait of those in the mask `both` over which two groups conflict; else FOLLOWED."""
    for trait in range(TRAITS):
        if not both >> (TRAIT + trait) & 1:
            continue
        agree = False
        one = told[u, trait, FIRST]
        while one >= 0 and not agree:
            other = told[v, trait, FIRST]
            while other >= 0 and not agree:
                agree = compatible(values[one, CODE], values[other, CODE], spelled)
                other = values[other, AFTER]
            one = values[one, AFTER]
        if not agree:
            return CONFLICT - trait
    return FOLLOWED


@compiled
def least(told: Int32, values: Int32, u: np.int32, trait: int) -> int:
    """The least value a group tells of a trait."""
    value = told[u, trait, FIRST]
    code = int(values[value, CODE])
    while value >= 0:
        code = min(code, int(values[value, CODE]))
        value = values[value, AFTER]
    return int(code)


@compiled
def compatible(x: int, y: int, spelled: Spelled) -> bool:
    """Whether two values of a trait may be one person's.

    Dates: equal, one digit apart, two of three parts equal, or day and month exchanged. First names: equal, nicknames
    of one name, of one sound, or two of their words alike (`alike`).
    """
    if x == y:
        return True
    letters, ends, sound, nick, date = spelled
    if date[x] or date[y]:
        return date[x] == 0 or date[y] == 0 or close_dates(date[x], date[y])
    if sound[x] >= 0 and sound[x] == sound[y]:
        return True
    for i in range(nick.shape[1]):
        for j in range(nick.shape[1]):
            if nick[x, i] >= 0 and nick[x, i] == nick[y, j]:
                return True
    start = ends[x]
    while start < ends[x + 1]:
        stop = word_end(letters, start, ends[x + 1])
        begin = ends[y]
        while begin < ends[y + 1]:
            end = word_end(letters, begin, ends[y + 1])
            if alike(letters[start:stop], letters[begin:end]):
                return True
            begin = end + 1
        start = stop + 1
    return False


@compiled
def close_dates(x: int, y: int) -> bool:
    """Dates as YYYYMMDD: one digit apart, two of three parts equal, or day and month exchanged."""
    year, month, day = x // 10000 == y // 10000, x // 100 % 100 == y // 100 % 100, x % 100 == y % 100
    if year + month + day >= 2:
        return True
    if year and x // 100 % 100 == y % 100 and x % 100 == y // 100 % 100:
        return True
    apart = 0
    while x or y:
        apart += x % 10 != y % 10
        x //= 10
        y //= 10
    return apart <= 1


@compiled
def word_end(letters: npt.NDArray[np.uint8], start: int, end: int) -> int:
    while start < end and letters[start] != SPACE:
        start += 1
    return start


@compiled
def alike(x: npt.NDArray[np.uint8], y: npt.NDArray[np.uint8]) -> bool:
    """Two words of first names: an initial and what it may stand for, a beginning of three letters, one edit in four
    or more, or similar after Winkler (`SIMILAR`).
    """
    if x.size > y.size:
        x, y = y, x
    if not x.size:
        return False
    same = 0
    while same < x.size and x[same] == y[same]:
        same += 1
    if same == x.size and (same >= BEGINNING or same in (1, y.size)):
        return True
    if x.size == 1:
        return False
    if x.size >= EDITABLE and y.size - x.size <= 1 and one_edit(x, y, same):
        return True
    return winkler(x, y, min(same, 4)) >= SIMILAR


@compiled
def one_edit(x: npt.NDArray[np.uint8], y: npt.NDArray[np.uint8], same: int) -> bool:
    """Whether x, no longer than y and equal up to `same`, becomes y by one letter added, exchanged or swapped with the
    next.
    """
    if x.size < y.size:
        return bool(np.all(x[same:] == y[same + 1 :]))
    if np.all(x[same + 1 :] == y[same + 1 :]):
        return True
    return bool(
        same + 1 < x.size
        and x[same] == y[same + 1]
        and x[same + 1] == y[same]
        and np.all(x[same + 2 :] == y[same + 2 :])
    )


@compiled
def winkler(x: npt.NDArray[np.uint8], y: npt.NDArray[np.uint8], prefix: int) -> float:
    """Similarity of M. Jaro (1989) with the common prefix of W. Winkler (1990); x is no longer than y."""
    reach = max(y.size // 2 - 1, 0)
    in_x, in_y = np.zeros(x.size, np.bool_), np.zeros(y.size, np.bool_)
    common = 0
    for i in range(x.size):
        for j in range(max(0, i - reach), min(y.size, i + reach + 1)):
            if not in_y[j] and x[i] == y[j]:
                in_x[i] = in_y[j] = True
                common += 1
                break
    if common == 0:
        return 0.0
    swapped = 0
    j = 0
    for i in range(x.size):
        if in_x[i]:
            while not in_y[j]:
                j += 1
            swapped += x[i] != y[j]
            j += 1
    jaro = (common / x.size + common / y.size + (common - swapped / 2) / common) / 3
    return jaro + prefix * 0.1 * (1 - jaro)


@compiled
def least_members(up: Int32, node: Int32, least: Int32, label: Int32) -> None:
    """Label the nodes of a walked part. Members of a group come ascending, so the first met of a group is its least."""
    for x in range(up.size):
        root = find(up, np.int32(x))
        if least[root] < 0:
            least[root] = node[x]
        label[node[x]] = least[root]
