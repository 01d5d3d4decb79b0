"""What is kept of rows just taken in, and that it is the same as what would be read back."""

from __future__ import annotations

import numpy as np
from shop import EVENTS

from scvgraph.work import Taken

HEADER = "id,at,amount,mail,cookie,note\n"


def part(*numbers: int) -> tuple[np.ndarray, ...]:
    column = np.array(numbers, np.int32)
    return column.astype(np.int64), column


def test_parts_are_put_together() -> None:
    """The parts of a segment come back as columns, once; a segment with other rows than were kept does not."""
    taken = Taken(room=1000)
    for path in ("a", "b"):
        taken.begin(path)
        taken.keep(path, part(1, 2))
        taken.keep(path, part(3))
    held = taken.take("a", 3)
    assert held is not None
    assert [column.tolist() for column in held] == [[1, 2, 3], [1, 2, 3]]
    assert taken.take("a", 3) is None
    assert taken.take("b", 2) is None


def test_nothing_is_kept_of_a_segment_beyond_the_room() -> None:
    """Where all rows of a segment do not fit beside the other segments', none of it is kept."""
    taken = Taken(room=50)
    for path, rows in (("a", (1, 2)), ("b", (3, 4)), ("c", (5,))):
        taken.begin(path)
        taken.keep(path, part(*rows))
        taken.keep(path, part())
    dropped = [taken.take(path, rows) is None for path, rows in (("a", 2), ("b", 2), ("c", 1))]
    assert dropped == [False, False, True]


def test_a_generation_from_memory_is_the_one_from_files(shop) -> None:
    """Building anew from the ledger alone gives the links and owners that the rows kept in memory gave."""
    shop.declare(EVENTS)
    rows = "".join(f"{n},2025-01-0{n % 9 + 1},1,m{n % 5}@x.com,c{n % 7},n\n" for n in range(50))
    shop.put("web.csv", HEADER + rows)
    asked = (
        "SELECT a, b, rule, count, first_seen, last_seen, weight FROM links ORDER BY ALL",
        "SELECT row, customer, basis FROM owners ORDER BY ALL",
        "SELECT no, count, first_seen, last_seen FROM identifiers ORDER BY ALL",
    )
    shop.run()
    before = [shop.rows(sql) for sql in asked]
    shop.run(again=True)
    assert [shop.rows(sql) for sql in asked] == before
    assert all(before)
