"""Compiled comparison of counts: whether two are together as much as one has."""

from __future__ import annotations

from scvgraph.matching.kernel_compiled import Int8, Int32, compiled


@compiled
def compare_counts(
    rows: tuple[Int32, Int32], count: Int32, limits: Int32, a: Int32, b: Int32, level: Int8
) -> None:  # pragma: no cover
    """Fill the level of every pair that both hold a count: one more for each limit, falling, that their sum is within."""
    start, code = rows
    for pair in range(a.size):
        one, other = start[a[pair]], start[b[pair]]
        level[pair] = 0
        if one == start[a[pair] + 1] or other == start[b[pair] + 1]:
            continue
        total = count[code[one]] + count[code[other]]
        reached = 1
        for limit in limits:
            if total <= limit:
                reached += 1
        level[pair] = reached
