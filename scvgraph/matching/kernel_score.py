"""Compiled scoring of comparison vectors."""

from __future__ import annotations

from scvgraph.matching.kernel_compiled import Int8, Int16, Int32, compiled

ALONE, WHERE, FAMILY_NAME, ADDRESS, BORN, GIVEN_NAME = (
    0,
    1,
    2,
    3,
    4,
    5,
)  # how a column's weight joins the others


@compiled
def plain_weights(
    level: Int8, gain: Int16, weights: Int32, shares: Int32, expected: Int32, limit: int, own: Int32
) -> None:  # pragma: no cover
    """Fill what each column of one pair would count by itself, adjusted for how common the value is."""
    for column in range(level.size):
        reached = level[column]
        own[column] = weights[column, reached]
        if shares[column, reached]:
            more = min(max(gain[column] - expected[column], -limit), limit)
            own[column] += more * shares[column, reached] // 1000


@compiled
def strongest(joins: Int8, own: Int32) -> tuple[int, int]:  # pragma: no cover
    """Of the columns that say where somebody lives the one most for and the one most against; -1 for none."""
    best, worst = -1, -1
    for column in range(joins.size):
        if joins[column] == WHERE or joins[column] == ADDRESS:
            if own[column] > 0 and (best < 0 or own[column] > own[best]):
                best = column
            if own[column] < 0 and (worst < 0 or own[column] < own[worst]):
                worst = column
    return best, worst


@compiled
def household(level: Int8, joins: Int8, own: Int32) -> tuple[bool, bool]:  # pragma: no cover
    """Whether the first names of one pair are outright different, with no birthday that speaks for one person all the
    same; and whether the two live together.
    """
    roof, near, conflict, born = 0, 0, False, 0
    for column in range(level.size):
        if joins[column] == ADDRESS:
            roof = max(roof, level[column])
        elif joins[column] == WHERE and level[column] == 4 and own[column] > 0:
            near = 1
        elif joins[column] == GIVEN_NAME and level[column] == 1:
            conflict = True
        elif joins[column] == BORN:
            born = max(born, level[column])
    return conflict and born < 4, roof + near >= 3


@compiled
def join_weights(
    level: Int8, joins: Int8, limits: tuple[int, int, int, int, int], own: Int32
) -> None:  # pragma: no cover
    """Lower what dependent columns of one pair count.

    Of the columns that say where somebody lives the strongest for and the strongest against stand. Under one roof
    (the same or nearly the same address; or part of one, and the same town or postcode) a family name and a
    birthday count at most so much, and a conflict of first names at least.
    """
    best, worst = strongest(joins, own)
    conflict, together = household(level, joins, own)
    for column in range(level.size):
        where = joins[column] == WHERE or joins[column] == ADDRESS
        if where and column not in (best, worst):
            own[column] = 0
        elif together and joins[column] == FAMILY_NAME:
            own[column] = min(own[column], limits[2])
        elif together and joins[column] == BORN:
            own[column] = min(own[column], limits[3])
        elif together and conflict and joins[column] == GIVEN_NAME:
            own[column] = min(own[column], limits[4])


@compiled
def add_up(
    level: Int8, gain: Int16, joins: Int8, weights: Int32, shares: Int32, expected: Int32,
    limits: tuple[int, int, int, int, int], own: Int32, score: Int32, begin: int, end: int,
) -> None:  # pragma: no cover  # fmt: skip
    """Fill the scores of pairs from begin to end; own: [columns], left as the last pair's weights.

    level, gain: [columns, pairs]. joins: of each column, see above. weights, shares: [columns, levels]. limits:
    (base of every score, most that frequency counts either way; under one roof most that a family name, a birthday and
    first names in conflict count), in thousandths of a bit.
    """
    for pair in range(begin, end):
        plain_weights(level[:, pair], gain[:, pair], weights, shares, expected, limits[1], own)
        join_weights(level[:, pair], joins, limits, own)
        score[pair] = limits[0] + own.sum()
