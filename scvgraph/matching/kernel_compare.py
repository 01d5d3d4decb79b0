"""Compiled comparisons of the values and names two entities hold: the best level of agreement over all pairs of values.

Text is ASCII bytes (see `folding`). Levels rise with agreement; 0 means one side holds no value. Edit distance
counts insertions, deletions, substitutions and swaps of neighbours, no part edited twice (optimal string
alignment; Damerau 1964, "A technique for computer detection and correction of spelling errors", CACM 7).
Jaro-Winkler: Winkler 1990, "String comparator metrics and enhanced decision rules in the Fellegi-Sunter model of
record linkage". Both look at the first 64 bytes.
"""

from __future__ import annotations

import numpy as np

from scvgraph.matching.kernel_compiled import Int8, Int16, Int32, UInt8, UInt64, compiled

LONGEST = 64
EXACT_ONLY, TEXT, CODE, POSTCODE, EMAIL, ADDRESS = 0, 1, 2, 3, 4, 5  # how values are compared
NONE, SIMILAR, CLOSE, EXACT = 1, 2, 3, 4  # levels of values
NAME_NONE, NAME_INITIAL, NAME_SIMILAR, NAME_NICK, NAME_CLOSE, NAME_MOVED, NAME_EXACT = 1, 2, 3, 4, 5, 6, 7
GIVEN, MIDDLE, FAMILY = 1, 2, 4  # where a token of a name may stand


@compiled
def popcount(word):  # pragma: no cover
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def letters_of(data, offset, out):  # pragma: no cover
    """A bit for every letter and digit that occurs in a value (36 bits, all others share the 37th)."""
    for value in range(offset.size - 1):
        word = np.uint64(0)
        for place in range(offset[value], offset[value + 1]):
            byte = data[place]
            bit = byte - 97 if 97 <= byte <= 122 else (byte - 48 + 26 if 48 <= byte <= 57 else 36)
            word |= np.uint64(1) << np.uint64(bit)
        out[value] = word


@compiled
def edits(data, one, n, other, m, limit, rows):  # pragma: no cover
    """Edit distance of two byte strings, or limit + 1 if it is more. rows: [3, LONGEST + 2] scratch."""
    n, m = min(n, LONGEST), min(m, LONGEST)
    while n > 0 and m > 0 and data[one] == data[other]:
        one, other, n, m = one + 1, other + 1, n - 1, m - 1
    while n > 0 and m > 0 and data[one + n - 1] == data[other + m - 1]:
        n, m = n - 1, m - 1
    if n == 0 or m == 0 or abs(n - m) > limit:
        return min(max(n, m), limit + 1)
    before, last, now = 0, 1, 2
    for j in range(m + 1):
        rows[last, j] = j
    for i in range(1, n + 1):
        rows[now, 0] = i
        least = i
        for j in range(1, m + 1):
            step = 0 if data[one + i - 1] == data[other + j - 1] else 1
            best = min(rows[last, j] + 1, rows[now, j - 1] + 1, rows[last, j - 1] + step)
            if i > 1 and j > 1 and data[one + i - 1] == data[other + j - 2] and data[one + i - 2] == data[other + j - 1]:  # fmt: skip
                best = min(best, rows[before, j - 2] + 1)
            rows[now, j] = best
            least = min(least, best)
        if least > limit:
            return limit + 1
        before, last, now = last, now, before
    return min(rows[last, m], limit + 1)


@compiled
def jaro_winkler(data, one, n, other, m):  # pragma: no cover
    """Jaro-Winkler similarity of two byte strings, in thousandths."""
    n, m = min(n, LONGEST), min(m, LONGEST)
    if n == 0 or m == 0:
        return 0
    reach = max(max(n, m) // 2 - 1, 0)
    taken, matched = np.uint64(0), np.uint64(0)
    found = 0
    for i in range(n):
        for j in range(max(0, i - reach), min(m, i + reach + 1)):
            bit = np.uint64(1) << np.uint64(j)
            if not taken & bit and data[one + i] == data[other + j]:
                taken |= bit
                matched |= np.uint64(1) << np.uint64(i)
                found += 1
                break
    if found == 0:
        return 0
    swaps, j = 0, 0
    for i in range(n):
        if matched >> np.uint64(i) & np.uint64(1):
            while not taken >> np.uint64(j) & np.uint64(1):
                j += 1
            if data[one + i] != data[other + j]:
                swaps += 1
            j += 1
    jaro = (found * 1000 // n + found * 1000 // m + (found - swaps // 2) * 1000 // found) // 3
    prefix = 0
    while prefix < min(4, n, m) and data[one + prefix] == data[other + prefix]:
        prefix += 1
    return jaro + prefix * (1000 - jaro) // 10


@compiled
def apart(one, other, n, m):  # pragma: no cover
    """Whether two strings' sets of letters differ too much for them to be similar at all."""
    return popcount(one & ~other) * 2 > n or popcount(other & ~one) * 2 > m


@compiled
def prefix_of(data, one, n, other, m):  # pragma: no cover
    """Bytes that both begin with."""
    length = 0
    while length < min(n, m) and data[one + length] == data[other + length]:
        length += 1
    return length


@compiled
def at_sign(data, one, n):  # pragma: no cover
    for place in range(n):
        if data[one + place] == 64:
            return place
    return n


@compiled
def number_length(data, one, n):  # pragma: no cover
    """Bytes of the first word with the blank after it, if it begins with a digit."""
    if n == 0 or data[one] < 48 or data[one] > 57:
        return 0
    for place in range(n):
        if data[one + place] == 32:
            return place + 1
    return n


@compiled
def address_level(data, one, n, other, m, rows):  # pragma: no cover
    """Two different addresses: close if the number is the same and the street nearly; similar if either is."""
    head, tail = number_length(data, one, n), number_length(data, other, m)
    rest, more = n - head, m - tail
    number = head == tail and prefix_of(data, one, head, other, tail) == head
    shorter = min(rest, more)
    limit = 0 if shorter < 4 else (1 if shorter < 8 else 2)
    street = edits(data, one + head, rest, other + tail, more, limit, rows) <= limit
    if not street and number and head > 0 and shorter >= 4:
        shared = prefix_of(data, one + head, rest, other + tail, more)
        street = shared == shorter or jaro_winkler(data, one + head, rest, other + tail, more) >= 880
    if number and street:
        return CLOSE
    return SIMILAR if (street and shorter >= 4) or (number and head > 2) else NONE


@compiled
def value_level(kind, x, y, data, offset, letters, rows):  # pragma: no cover
    """Level of agreement of two distinct values."""
    one, other = offset[x], offset[y]
    n, m = offset[x + 1] - one, offset[y + 1] - other
    if kind == 0:
        return NONE
    if kind == 5:
        return address_level(data, one, n, other, m, rows)
    if kind == 4:
        head, tail = at_sign(data, one, n), at_sign(data, other, m)
        if head == tail and head > 2 and prefix_of(data, one, head, other, tail) == head:
            return CLOSE if edits(data, one, n, other, m, 2, rows) <= 2 else SIMILAR
        if apart(letters[x], letters[y], n, m):
            return NONE
        if edits(data, one, n, other, m, 2, rows) <= 2:
            return CLOSE
        near = head > 4 and tail > 4 and edits(data, one, head, other, tail, 1, rows) <= 1
        return SIMILAR if near or jaro_winkler(data, one, n, other, m) >= 920 else NONE
    if kind == 3 and prefix_of(data, one, n, other, m) >= max(n, m) - 3 and min(n, m) >= 5:
        return CLOSE if edits(data, one, n, other, m, 1, rows) <= 1 else SIMILAR
    if apart(letters[x], letters[y], n, m) and kind == 1:
        return NONE
    if min(n, m) >= 4 and edits(data, one, n, other, m, 1, rows) <= 1:
        return CLOSE
    if kind == 2:
        return SIMILAR if min(n, m) >= 7 and edits(data, one, n, other, m, 2, rows) <= 2 else NONE
    if kind == 3:
        return NONE
    if min(n, m) >= 8 and edits(data, one, n, other, m, 2, rows) <= 2:
        return CLOSE
    if min(n, m) >= 4 and prefix_of(data, one, n, other, m) == min(n, m):
        return SIMILAR
    return SIMILAR if min(n, m) >= 4 and jaro_winkler(data, one, n, other, m) >= 880 else NONE


@compiled
def compare_values(
    kind: int, rows: tuple[Int32, Int32], text: tuple[UInt8, Int32, UInt64], bits: Int16,
    a: Int32, b: Int32, level: Int8, gain: Int16,
) -> None:  # pragma: no cover  # fmt: skip
    """Fill the best level of every pair of entities and how many bits of surprise the rarer agreement holds."""
    start, code = rows
    data, offset, letters = text
    scratch = np.empty((3, LONGEST + 2), np.int32)
    for pair in range(a.size):
        best, surprise = 0, 0
        for i in range(start[a[pair]], start[a[pair] + 1]):
            x = code[i]
            for j in range(start[b[pair]], start[b[pair] + 1]):
                y = code[j]
                found = EXACT if x == y else value_level(kind, x, y, data, offset, letters, scratch)
                held = min(bits[x], bits[y])
                if found > best or (found == best and held > surprise):
                    best, surprise = found, held
        level[pair] = best
        gain[pair] = surprise


@compiled
def token_level(x, y, data, offset, letters, sound, nick_start, nick, rows):  # pragma: no cover
    """Level of agreement of two distinct tokens of names, wherever they stand."""
    one, other = offset[x], offset[y]
    n, m = offset[x + 1] - one, offset[y + 1] - other
    if n == 1 or m == 1:
        return NAME_INITIAL if data[one] == data[other] else NAME_NONE
    for i in range(nick_start[x], nick_start[x + 1]):
        for j in range(nick_start[y], nick_start[y + 1]):
            if nick[i] == nick[j]:
                return NAME_NICK
    if min(n, m) >= 3 and prefix_of(data, one, n, other, m) == min(n, m):
        return NAME_SIMILAR if min(n, m) * 4 < max(n, m) * 3 else NAME_CLOSE
    if apart(letters[x], letters[y], n, m):
        return NAME_NONE
    if min(n, m) >= 4 and edits(data, one, n, other, m, 1, rows) <= 1:
        return NAME_CLOSE
    alike = jaro_winkler(data, one, n, other, m)
    if alike >= 920 and min(n, m) >= 3:
        return NAME_CLOSE
    if min(n, m) >= 3 and (alike >= 850 or (sound[x] == sound[y] and sound[x] >= 0)):
        return NAME_SIMILAR
    return NAME_NONE


@compiled
def compare_names(
    bag: tuple[Int32, Int32, Int8], text: tuple[UInt8, Int32, UInt64], heard: tuple[Int32, Int32, Int32],
    bits: Int16, a: Int32, b: Int32, level: Int8, gain: Int16,
) -> None:  # pragma: no cover  # fmt: skip
    """Fill levels and bits of surprise, [3, pairs]: given, middle and family name.

    bag: the names' rows, tokens, places. heard: sounds and nickname rows. bits: [4, tokens] of each place and of
    any place. The family name is aligned first, or the given name where one side is a single token that agrees
    better as that; a token that served is not used again.
    """
    start, token, place = bag
    data, offset, letters = text
    sound, nick_start, nick = heard
    rows = np.empty((3, LONGEST + 2), np.int32)
    found = np.empty((16, 16), np.int8)
    for pair in range(a.size):
        p, q = start[a[pair]], start[b[pair]]
        n, m = min(start[a[pair] + 1] - p, 16), min(start[b[pair] + 1] - q, 16)
        as_given, as_family = 0, 0
        for i in range(n):
            for j in range(m):
                x, y = token[p + i], token[q + j]
                same = x == y
                found[i, j] = NAME_EXACT if same else token_level(
                    x, y, data, offset, letters, sound, nick_start, nick, rows)  # fmt: skip
                if n == 1 or m == 1:
                    both = place[p + i] & place[q + j]
                    as_given = max(as_given, found[i, j] if both & GIVEN else 0)
                    as_family = max(as_family, found[i, j] if both & FAMILY else 0)
        used, spent = 0, 0
        for turn in range(3):
            part = MIDDLE if turn == 2 else (FAMILY if (turn == 0) == (as_given <= as_family) else GIVEN)
            column = 0 if part == GIVEN else (1 if part == MIDDLE else 2)
            best, surprise, at, to = 0, 0, -1, -1
            for i in range(n):
                if used >> i & 1:
                    continue
                for j in range(m):
                    if spent >> j & 1:
                        continue
                    x, y = token[p + i], token[q + j]
                    here, there = place[p + i] & part, place[q + j] & part
                    if here and there:
                        reached, held = found[i, j], min(bits[column, x], bits[column, y])
                    elif (here or there) and x == y and offset[x + 1] - offset[x] > 1:
                        reached, held = NAME_MOVED, bits[3, x]
                    else:
                        continue
                    if reached > best or (reached == best and held > surprise):
                        best, surprise, at, to = reached, held, i, j
            if at >= 0 and best > NAME_NONE:
                used |= 1 << at
                spent |= 1 << to
            elif at >= 0 and (n == 1 or m == 1):
                used |= (1 << at) if n == 1 else 0
                spent |= (1 << to) if m == 1 else 0
            level[column, pair] = best
            gain[column, pair] = surprise
