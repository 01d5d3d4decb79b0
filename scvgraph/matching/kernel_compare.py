"""Compiled comparisons of the values and names two entities hold: the best level of agreement over all pairs of values.

Text is ASCII bytes (see `folding`). Levels rise with agreement; 0 means one side holds no value. Edit distance
counts insertions, deletions, substitutions and swaps of neighbours, no part edited twice (optimal string
alignment; Damerau 1964, "A technique for computer detection and correction of spelling errors", CACM 7).
Jaro-Winkler: Winkler 1990, "String comparator metrics and enhanced decision rules in the Fellegi-Sunter model of
record linkage". Both look at the first 64 bytes. All are in one file, for a kernel calls only its own file's.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from scvgraph.matching.kernel_compiled import Int8, Int16, Int32, UInt8, UInt64, compiled

LONGEST, MOST_TOKENS = 64, 16
REMEMBERED = 1 << 17  # comparisons of tokens kept at hand: as many as the upper bits of a hash that 47 leave
DIGITS, TEN_BITS = np.uint64(26), np.uint64(1023)  # where the bits of digits stand among those of letters
MIX = np.uint64(0x9E3779B97F4A7C15)
FEW_DIGITS = 63
REMEMBERED_NAMES = 1 << 16  # and of names: as many as 48 leave
HALF, LOWER, LETTERS = np.uint64(32), np.uint64((1 << 32) - 1), np.uint64((1 << 37) - 1)
SURPRISE_AT, LENGTH_AT, FIFTEEN_BITS, MOST_LENGTH = np.uint64(37), np.uint64(52), np.uint64(32767), 4095
EXACT_ONLY, TEXT, CODE, POSTCODE, EMAIL, ADDRESS = 0, 1, 2, 3, 4, 5  # how values are compared
NONE, SIMILAR, CLOSE, EXACT = 1, 2, 3, 4  # levels of values
NAME_NONE, NAME_INITIAL, NAME_SIMILAR, NAME_NICK, NAME_CLOSE, NAME_MOVED, NAME_EXACT = 1, 2, 3, 4, 5, 6, 7
GIVEN, MIDDLE, FAMILY = 1, 2, 4  # where a token of a name may stand


Whole: TypeAlias = int | np.int64


@compiled
def popcount(word: np.uint64) -> int:  # pragma: no cover
    """Bits set (Warren 2012, "Hacker's Delight")."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def letters_of(data: UInt8, offset: Int32, out: UInt64) -> None:  # pragma: no cover
    """A bit for every letter and digit that occurs in a value (36 bits, all others share the 37th)."""
    for value in range(offset.size - 1):
        word = np.uint64(0)
        for place in range(offset[value], offset[value + 1]):
            byte = data[place]
            bit = byte - 97 if 97 <= byte <= 122 else (byte - 48 + 26 if 48 <= byte <= 57 else 36)
            word |= np.uint64(1) << np.uint64(bit)
        out[value] = word


@compiled
def distance(
    data: UInt8, one: int, n: int, other: int, m: int, limit: int, rows: Int32
) -> int:  # pragma: no cover
    """Edit distance of two byte strings that neither begin nor end alike, or limit + 1 if it is more."""
    before, last, now = 0, 1, 2
    for j in range(m + 1):
        rows[last, j] = j
    for i in range(1, n + 1):
        rows[now, 0] = i
        least = i
        for j in range(1, m + 1):
            x, y = data[one + i - 1], data[other + j - 1]
            best = min(rows[last, j] + 1, rows[now, j - 1] + 1, rows[last, j - 1] + (x != y))
            if i > 1 and j > 1 and x == data[other + j - 2] and data[one + i - 2] == y:
                best = min(best, rows[before, j - 2] + 1)
            rows[now, j] = best
            least = min(least, best)
        if least > limit:
            return limit + 1
        before, last, now = last, now, before
    return int(min(rows[last, m], limit + 1))


@compiled
def edits(
    data: UInt8, one: int, n: int, other: int, m: int, limit: int, rows: Int32
) -> int:  # pragma: no cover
    """Edit distance of two byte strings, or limit + 1 if it is more. rows: [3, LONGEST + 2] scratch."""
    n, m = min(n, LONGEST), min(m, LONGEST)
    while n > 0 and m > 0 and data[one] == data[other]:
        one, other, n, m = one + 1, other + 1, n - 1, m - 1
    while n > 0 and m > 0 and data[one + n - 1] == data[other + m - 1]:
        n, m = n - 1, m - 1
    if n == 0 or m == 0 or abs(n - m) > limit:
        return min(max(n, m), limit + 1)
    return distance(data, one, n, other, m, limit, rows)


@compiled
def prefix_of(data: UInt8, one: int, n: int, other: int, m: int) -> int:  # pragma: no cover
    """Bytes that both begin with."""
    length = 0
    while length < min(n, m) and data[one + length] == data[other + length]:
        length += 1
    return length


@compiled
def swapped(
    data: UInt8, one: int, n: int, other: int, matched: np.uint64, taken: np.uint64
) -> int:  # pragma: no cover
    """How many matched bytes stand in another order. matched, taken: a bit for each matched place of either."""
    swaps, j = 0, 0
    for i in range(n):
        if matched >> np.uint64(i) & np.uint64(1):
            while not taken >> np.uint64(j) & np.uint64(1):
                j += 1
            swaps += data[one + i] != data[other + j]
            j += 1
    return swaps


@compiled
def jaro_winkler(data: UInt8, one: int, n: int, other: int, m: int) -> int:  # pragma: no cover
    """Jaro-Winkler similarity of two byte strings, in thousandths."""
    n, m = min(n, LONGEST), min(m, LONGEST)
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
    swaps = swapped(data, one, n, other, matched, taken)
    jaro = (found * 1000 // n + found * 1000 // m + (found - swaps // 2) * 1000 // found) // 3
    return jaro + min(4, prefix_of(data, one, n, other, m)) * (1000 - jaro) // 10


@compiled
def apart(one: np.uint64, other: np.uint64, n: Whole, m: Whole) -> bool:  # pragma: no cover
    """Whether two strings' sets of letters differ too much for them to be similar at all."""
    return bool(popcount(one & ~other) * 2 > n or popcount(other & ~one) * 2 > m)


@compiled
def beyond(one: np.uint64, other: np.uint64, n: Whole, m: Whole, limit: int) -> bool:  # pragma: no cover
    """Whether two strings' sets of letters show more edits than limit: an edit brings one letter at most."""
    return bool(max(n, m) <= LONGEST and max(popcount(one & ~other), popcount(other & ~one)) > limit)


@compiled
def number_length(data: UInt8, one: int, n: int) -> int:  # pragma: no cover
    """Bytes of the first word with the blank after it, if it begins with a digit."""
    if n == 0 or data[one] < 48 or data[one] > 57:
        return 0
    for place in range(n):
        if data[one + place] == 32:
            return place + 1
    return n


@compiled
def address_level(data: UInt8, one: int, n: int, other: int, m: int, rows: Int32) -> int:  # pragma: no cover
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
def other_digits(data: UInt8, one: int, n: int, other: int, m: int) -> bool:  # pragma: no cover
    """Whether two strings do not hold the same digits, in whatever order."""
    if max(n, m) <= FEW_DIGITS:  # as many as six bits count
        one_word, other_word = np.uint64(0), np.uint64(0)
        for place in range(n):
            if 48 <= data[one + place] <= 57:
                one_word += np.uint64(1) << np.uint64(6 * (data[one + place] - 48))
        for place in range(m):
            if 48 <= data[other + place] <= 57:
                other_word += np.uint64(1) << np.uint64(6 * (data[other + place] - 48))
        return bool(one_word != other_word)
    counts = np.zeros(10, np.int64)
    for place in range(n):
        if 48 <= data[one + place] <= 57:
            counts[data[one + place] - 48] += 1
    for place in range(m):
        if 48 <= data[other + place] <= 57:
            counts[data[other + place] - 48] -= 1
    return bool(np.any(counts != 0))


@compiled
def same_letters(data: UInt8, one: int, n: int, other: int, m: int) -> bool:  # pragma: no cover
    """Whether two strings hold the same bytes, in whatever order."""
    counts = np.zeros(256, np.int64)
    for place in range(n):
        counts[data[one + place]] += 1
    for place in range(m):
        counts[data[other + place]] -= 1
    return not np.any(counts != 0)


@compiled
def email_level(data: UInt8, one: int, n: int, other: int, m: int, rows: Int32) -> int:  # pragma: no cover
    """Two different e-mail addresses: close if neighbours changed places; similar if the mailbox is (nearly) the same.

    Addresses that differ in the choice of digits are two accounts, however alike: `jo81@` is not `jo82@` mistyped. One
    that differs by a letter may be a brother's.
    """
    if other_digits(data, one, n, other, m):
        return NONE
    if edits(data, one, n, other, m, 2, rows) <= 2:
        return CLOSE if same_letters(data, one, n, other, m) else SIMILAR
    head, tail = n, m
    for place in range(n):
        head = place if data[one + place] == 64 and head == n else head
    for place in range(m):
        tail = place if data[other + place] == 64 and tail == m else tail
    near = 0 if min(head, tail) <= 4 else 1
    if min(head, tail) > 2 and edits(data, one, head, other, tail, near, rows) <= near:
        return SIMILAR
    return SIMILAR if jaro_winkler(data, one, n, other, m) >= 920 else NONE


@compiled
def text_level(data: UInt8, one: int, n: int, other: int, m: int, rows: Int32) -> int:  # pragma: no cover
    """Two different words or lines: close within one edit, or two in a long one; similar by start or Jaro-Winkler."""
    if min(n, m) < 4:
        return NONE
    limit = 1 if min(n, m) < 8 else 2
    if edits(data, one, n, other, m, limit, rows) <= limit:
        return CLOSE
    if prefix_of(data, one, n, other, m) == min(n, m):
        return SIMILAR
    return SIMILAR if jaro_winkler(data, one, n, other, m) >= 880 else NONE


@compiled
def code_level(data: UInt8, one: int, n: int, other: int, m: int, rows: Int32) -> int:  # pragma: no cover
    """Two different codes or numbers: close within one edit, similar within two if they are long."""
    if min(n, m) < 4:
        return NONE
    found = edits(data, one, n, other, m, 2, rows)
    return CLOSE if found <= 1 else (SIMILAR if found == 2 and min(n, m) >= 7 else NONE)


@compiled
def postcode_level(data: UInt8, one: int, n: int, other: int, m: int, rows: Int32) -> int:  # pragma: no cover
    """Two different postcodes: close within one edit; similar if only the last three may differ."""
    if min(n, m) >= 4 and edits(data, one, n, other, m, 1, rows) <= 1:
        return CLOSE
    return SIMILAR if min(n, m) >= 5 and prefix_of(data, one, n, other, m) >= max(n, m) - 3 else NONE


@compiled
def value_level(
    kind: int, x: Whole, y: Whole, data: UInt8, offset: Int32, letters: UInt64, rows: Int32
) -> int:  # pragma: no cover
    """Level of agreement of two distinct values."""
    one, other = offset[x], offset[y]
    n, m = offset[x + 1] - one, offset[y + 1] - other
    if kind == ADDRESS:
        return address_level(data, one, n, other, m, rows)
    if kind == CODE:
        return NONE if beyond(letters[x], letters[y], n, m, 2) else code_level(data, one, n, other, m, rows)
    if kind == POSTCODE:
        return postcode_level(data, one, n, other, m, rows)
    if kind == EMAIL:
        unlike = (letters[x] ^ letters[y]) >> DIGITS & TEN_BITS  # most differ in which digits occur at all
        return NONE if unlike else email_level(data, one, n, other, m, rows)
    if kind == EXACT_ONLY or apart(letters[x], letters[y], n, m):
        return NONE
    return text_level(data, one, n, other, m, rows)


@compiled
def about_values(text: tuple[UInt8, Int32, UInt64], bits: Int16, about: UInt64) -> None:  # pragma: no cover
    """Of every value in one word what tells most apart: the letters that occur, its surprise, its length."""
    _, offset, letters = text
    for value in range(about.size):
        length = np.uint64(min(offset[value + 1] - offset[value], MOST_LENGTH))
        about[value] = letters[value] | np.uint64(bits[value]) << SURPRISE_AT | length << LENGTH_AT


@compiled
def look_ahead(rows: tuple[Int32, Int32], about: UInt64, ahead: UInt64) -> None:  # pragma: no cover
    """Of every entity in two words what settles most pairs of such as hold one value each: ahead [entities, 2].

    What its first value is about (see `about_values`); that one's code and how many values there are. Together they
    are in one line of the processor's cache, where all else is in many.
    """
    start, code = rows
    for entity in range(start.size - 1):
        held = start[entity + 1] - start[entity]
        ahead[entity, 0] = about[code[start[entity]]] if held > 0 else np.uint64(0)
        ahead[entity, 1] = np.uint64(held) << HALF | np.uint64(code[start[entity]] if held > 0 else 0)


@compiled
def settled(kind: int, one: np.uint64, other: np.uint64) -> bool:  # pragma: no cover
    """Whether two distinct values are different by what they are about, as `value_level` would find."""
    if kind == EXACT_ONLY:
        return True
    if kind in (ADDRESS, POSTCODE):
        return False
    x, y = one & LETTERS, other & LETTERS
    if kind == EMAIL:
        return bool((x ^ y) >> DIGITS & TEN_BITS)
    n, m = np.int64(one >> LENGTH_AT), np.int64(other >> LENGTH_AT)
    return beyond(x, y, n, m, 2) if kind == CODE else apart(x, y, n, m)


@compiled
def surprise_of(one: np.uint64, other: np.uint64) -> int:  # pragma: no cover
    """Surprise of an agreement of two values: that of the less surprising one."""
    surprise: int = np.int64(min(one >> SURPRISE_AT & FIFTEEN_BITS, other >> SURPRISE_AT & FIFTEEN_BITS))  # type: ignore[assignment]
    return surprise


@compiled
def compare_values(
    kind: int, rows: tuple[Int32, Int32], glance: tuple[UInt64, UInt64], text: tuple[UInt8, Int32, UInt64],
    a: Int32, b: Int32, level: Int8, gain: Int16,
) -> None:  # pragma: no cover  # fmt: skip
    """Fill the best level of every pair of entities and how many bits of surprise the rarer agreement holds.

    rows: start and code of the entities' values. glance: what values are about, and `look_ahead` of the entities. text:
    bytes, offsets and letters of the values.
    """
    start, code = rows
    about, ahead = glance
    data, offset, letters = text
    scratch = np.empty((3, LONGEST + 2), np.int32)
    for pair in range(a.size):
        one, other = a[pair], b[pair]
        n, m = np.int64(ahead[one, 1] >> HALF), np.int64(ahead[other, 1] >> HALF)
        best, surprise = 0, 0
        for i in range(n):
            alone = n == 1 and m == 1
            x = np.int64(ahead[one, 1] & LOWER) if alone else np.int64(code[start[one] + i])
            about_x = ahead[one, 0] if alone else about[x]
            for j in range(m):
                y = np.int64(ahead[other, 1] & LOWER) if alone else np.int64(code[start[other] + j])
                about_y = ahead[other, 0] if alone else about[y]
                if x == y:
                    found = EXACT
                elif settled(kind, about_x, about_y):
                    found = NONE
                else:
                    found = value_level(kind, x, y, data, offset, letters, scratch)
                held = surprise_of(about_x, about_y)
                if found > best or (found == best and held > surprise):
                    best, surprise = found, held
        level[pair] = best
        gain[pair] = surprise


@compiled
def spelled_level(
    x: int, y: int, text: tuple[UInt8, Int32, UInt64], sound: Int32, rows: Int32
) -> int:  # pragma: no cover
    """Level of agreement of two words by spelling and sound."""
    data, offset, letters = text
    one, other = offset[x], offset[y]
    n, m = offset[x + 1] - one, offset[y + 1] - other
    short, long = min(n, m), max(n, m)
    if short >= 3 and prefix_of(data, one, n, other, m) == short:  # cut off
        return NAME_SIMILAR if short * 4 < long * 3 else NAME_CLOSE
    if short < 3 or apart(letters[x], letters[y], n, m):
        return NAME_NONE
    if short >= 4 and edits(data, one, n, other, m, 1, rows) <= 1:
        return NAME_CLOSE
    alike = jaro_winkler(data, one, n, other, m)
    if alike >= 920:
        return NAME_CLOSE
    return NAME_SIMILAR if alike >= 850 or (sound[x] == sound[y] and sound[x] >= 0) else NAME_NONE


@compiled
def token_level(
    x: int, y: int, text: tuple[UInt8, Int32, UInt64], heard: tuple[Int32, Int32, Int32], rows: Int32
) -> int:  # pragma: no cover
    """Level of agreement of two distinct tokens of names, wherever they stand."""
    data, offset, _ = text
    sound, nick_start, nick = heard
    one, other = offset[x], offset[y]
    if offset[x + 1] - one == 1 or offset[y + 1] - other == 1:
        return NAME_INITIAL if data[one] == data[other] else NAME_NONE
    for i in range(nick_start[x], nick_start[x + 1]):
        for j in range(nick_start[y], nick_start[y + 1]):
            if nick[i] == nick[j]:
                return NAME_NICK
    return spelled_level(x, y, text, sound, rows)


@compiled
def align(
    part: int,
    at: tuple[int, int, int, int],
    bag: tuple[Int32, Int32, Int8],
    found: Int8,
    bits: Int16,
    spent: Int32,
) -> tuple[int, int]:  # pragma: no cover
    """Best level and surprise of one part of two names, and mark the tokens that served as spent.

    at: where the tokens of both begin, and how many. found: [tokens, tokens] their levels. bits: [3, tokens] of a token
    in this place, of one anywhere, and of its first letter in this place. Tokens in different places meet only if they are the same. A lone token that agrees with
    nothing is spent as well, for it is missing in no other place.
    """
    p, q, n, m = at
    _, token, place = bag
    best, surprise, left, right = 0, 0, -1, -1
    for i in range(n):
        for j in range(m):
            x, y = token[p + i], token[q + j]
            here, there = place[p + i] & part, place[q + j] & part
            if spent[0, i] or spent[1, j] or not (here or there):
                continue
            if here and there:
                level, own = found[i, j], 2 if found[i, j] == NAME_INITIAL else 0
                held = min(bits[own, x], bits[own, y])
            elif found[i, j] == NAME_EXACT:
                level, held = NAME_MOVED, bits[1, x]
            else:
                continue
            if level > best or (level == best and held > surprise):
                best, surprise, left, right = level, held, i, j
    if left >= 0 and (best > NAME_NONE or n == 1):
        spent[0, left] = 1
    if left >= 0 and (best > NAME_NONE or m == 1):
        spent[1, right] = 1
    return best, surprise


@compiled
def same_bags(
    bag: tuple[Int32, Int32, Int8], slots: Int32, of: Int32, first: Int32
) -> int:  # pragma: no cover
    """Number names that are the same in all tokens and places: fills of, of each entity, -1 where it has no name, and
    first, the first entity of each number; returns how many there are.

    slots: all -1, twice as many as entities or more, a power of 2.
    """
    start, token, place = bag
    found, mask = 0, np.uint64(slots.size - 1)
    for entity in range(start.size - 1):
        of[entity] = -1
        begin, length = start[entity], start[entity + 1] - start[entity]
        if length == 0:
            continue
        word = np.uint64(length)
        for i in range(begin, begin + length):
            word = (word ^ np.uint64(token[i]) << HALF ^ np.uint64(place[i])) * MIX
            word ^= word >> np.uint64(29)
        at = word & mask
        while slots[at] >= 0:
            other = start[first[slots[at]]]
            same = start[first[slots[at]] + 1] - other == length
            for i in range(length):
                if not same or token[begin + i] != token[other + i] or place[begin + i] != place[other + i]:
                    same = False
                    break
            if same:
                break
            at = (at + np.uint64(1)) & mask
        if slots[at] < 0:
            slots[at] = found
            first[found] = entity
            found += 1
        of[entity] = slots[at]
    return found


@compiled
def tokens_found(
    at: tuple[int, int, int, int], bag: tuple[Int32, Int32, Int8], text: tuple[UInt8, Int32, UInt64],
    heard: tuple[Int32, Int32, Int32], known: tuple[UInt64, Int8], rows: Int32, found: Int8,
) -> bool:  # pragma: no cover  # fmt: skip
    """Fill the levels of agreement of two names' tokens; returns whether the given name is to be aligned first: where
    one side is a single token that agrees better as that.
    """
    p, q, n, m = at
    _, token, place = bag
    pairs, level = known
    as_given, as_family = 0, 0
    for i in range(n):
        for j in range(m):
            x, y = token[p + i], token[q + j]
            if x == y:
                found[i, j] = NAME_EXACT
            else:
                both_tokens = np.uint64(x) << HALF | np.uint64(y)  # never 0 for two that differ
                at_place = (both_tokens * MIX) >> np.uint64(47)
                if pairs[at_place] != both_tokens:
                    pairs[at_place] = both_tokens
                    level[at_place] = token_level(x, y, text, heard, rows)
                found[i, j] = level[at_place]
            both = place[p + i] & place[q + j]
            if n == 1 or m == 1:
                as_given = max(as_given, found[i, j] if both & GIVEN else 0)
                as_family = max(as_family, found[i, j] if both & FAMILY else 0)
    return as_given > as_family


@compiled
def compare_names(
    of: Int32, bag: tuple[Int32, Int32, Int8], text: tuple[UInt8, Int32, UInt64],
    heard: tuple[Int32, Int32, Int32], bits: tuple[Int16, Int16, Int16], a: Int32, b: Int32,
    levels: tuple[Int8, Int8, Int8], gains: tuple[Int16, Int16, Int16],
) -> None:  # pragma: no cover  # fmt: skip
    """Fill levels and surprise of given, middle and family name of every pair.

    of: the name of each entity, -1 for none. bag: the names' rows, tokens, places. heard: sounds and nickname rows.
    bits: of each part, [3, tokens]. The family name is aligned first, or the given name (see `tokens_found`); a token
    that served is not used again.
    """
    start = bag[0]
    rows = np.empty((3, LONGEST + 2), np.int32)
    found = np.empty((MOST_TOKENS, MOST_TOKENS), np.int8)
    spent = np.empty((2, MOST_TOKENS), np.int32)
    # Few tokens make most names, and few names most pairs: what two of them agree in is remembered until another two
    # need the place. Of names the levels in three bits each, then what each is worth in fifteen.
    known = np.zeros(REMEMBERED, np.uint64), np.empty(REMEMBERED, np.int8)
    met = np.zeros((REMEMBERED_NAMES, 2), np.uint64)
    for pair in range(a.size):
        one, other = of[a[pair]], of[b[pair]]
        word = np.uint64(0)
        if one >= 0 and other >= 0:
            both = (np.uint64(one) << HALF | np.uint64(other)) + np.uint64(1)
            at_place = (both * MIX) >> np.uint64(48)
            if met[at_place, 0] != both:
                p, q = start[one], start[other]
                at = p, q, min(start[one + 1] - p, MOST_TOKENS), min(start[other + 1] - q, MOST_TOKENS)
                given_first = tokens_found(at, bag, text, heard, known, rows, found)
                spent[:] = 0
                level, gain = 0, 0
                if given_first:
                    level, gain = align(GIVEN, at, bag, found, bits[0], spent)
                last, last_gain = align(FAMILY, at, bag, found, bits[2], spent)
                if not given_first:
                    level, gain = align(GIVEN, at, bag, found, bits[0], spent)
                middle, middle_gain = align(MIDDLE, at, bag, found, bits[1], spent)
                met[at_place, 0] = both
                met[at_place, 1] = (
                    level | middle << 3 | last << 6 | gain << 9 | middle_gain << 24 | last_gain << 39
                )
            word = met[at_place, 1]
        for part in range(3):
            levels[part][pair] = word >> np.uint64(3 * part) & np.uint64(7)
            gains[part][pair] = word >> np.uint64(9 + 15 * part) & FIFTEEN_BITS
