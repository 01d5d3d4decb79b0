"""What sides of a case say of names and dates of birth, and whether two such values can be one person's.

Coarser than what conflicts mean in a run, for it only decides what is asked first: anything alike goes together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scvgraph.engine import name
from scvgraph.nicknames import groups
from scvgraph.roles import role_of
from scvgraph.tables import TABLES

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.engine import Engine

    Int32 = npt.NDArray[np.int32]
    Bool = npt.NDArray[np.bool_]

LANES = ("first_name", "date")  # roles that two persons under one roof do not share
ALIKE = 0.7  # Jaro-Winkler similarity of parts of first names that may be one name, misspelled
SLIPS = 2  # digits in which dates of one person may differ


class Said(NamedTuple):
    """What nodes say. code[lanes, nodes]: a place among `values`, -1 for nothing; times: in how many rows."""

    code: Int32
    times: Int32
    values: list[str]


def said_by_nodes(engine: Engine, size: int) -> Said:
    """What most rows of each node say in each lane. Needs table held_rows (row, node)."""
    parts = [
        f"SELECT {lane} AS lane, h.node, lower(strip_accents(trim(r.{name(trait)}))) AS value"
        f" FROM {shape} r JOIN held_rows h USING (row) WHERE trim(r.{name(trait)}) <> ''"
        for lane, shape, trait in _columns(engine)
    ]
    code, times = np.full((len(LANES), size), -1, np.int32), np.zeros((len(LANES), size), np.int32)
    if not parts:
        return Said(code, times, [])
    found = engine.arrow(
        f"SELECT lane, node, value, count(*)::INTEGER AS n FROM ({' UNION ALL '.join(parts)}) GROUP BY lane, node, value"
        " QUALIFY row_number() OVER (PARTITION BY lane, node ORDER BY n DESC, value) = 1"
    )
    spelled = found["value"].combine_chunks().dictionary_encode()
    at = (found["lane"].to_numpy(), found["node"].to_numpy())
    code[at], times[at] = spelled.indices.to_numpy(), found["n"].to_numpy()
    return Said(code, times, spelled.dictionary.to_pylist())


def _columns(engine: Engine) -> list[tuple[int, str, str]]:
    """(lane, shape, trait) of every trait that counts, as it was compared or else by its name."""
    compared = dict(engine.rows("SELECT trait, role FROM comparisons"))
    found = []
    for shape in ("records", "events"):
        own = {column.name for column in TABLES[shape].columns}
        for described in engine.rows(f"DESCRIBE {shape}"):
            trait = described[0]
            role = compared.get(trait) or role_of(trait)
            if trait not in own and role in LANES:
                found.append((LANES.index(role), shape, trait))
    return found


def conflicting(engine: Engine, said: Said, says: Int32) -> Bool:
    """says[lanes, cases, 2]: codes of both sides. Of every lane and case whether they are not one person's."""
    out = np.zeros(says.shape[:2], np.bool_)
    for lane, alike in enumerate((_FIRST_NAMES, _DATES)):
        one, other = says[lane].min(axis=1), says[lane].max(axis=1)
        asked = np.flatnonzero((one >= 0) & (one != other))
        if asked.size:
            pairs, back = np.unique(np.stack([one[asked], other[asked]]), axis=1, return_inverse=True)
            out[lane, asked] = _conflict(engine, said.values, pairs, alike)[back.ravel()]
    return out


def _conflict(engine: Engine, values: list[str], pairs: Int32, alike: str) -> Bool:
    import pyarrow as pa
    from anyascii import anyascii

    used = np.unique(pairs)
    latin = [values[code] if values[code].isascii() else anyascii(values[code]).lower() for code in used]
    spelled = pa.array(latin, pa.string())
    ends = {end: spelled.take(pa.array(np.searchsorted(used, pairs[n]))) for n, end in enumerate("ab")}
    engine.put("said_pairs", pa.table({"no": np.arange(pairs.shape[1]), **ends}))
    known = [(word, number) for number, group in enumerate(groups()) for word in group]
    columns = {"word": pa.array([word for word, _ in known]), "number": pa.array([n for _, n in known])}
    engine.put("nicknames", pa.table(columns))
    together = engine.arrow(alike)["no"].to_numpy()
    engine.drop("said_pairs", "nicknames")
    conflict = np.ones(pairs.shape[1], np.bool_)
    conflict[together] = False
    return conflict


# Each finds the pairs that can be one person's. Of names of several words one is enough.
_FIRST_NAMES = f"""
WITH words AS (SELECT no, unnest(regexp_extract_all(a, '[a-z]+')) AS x, b FROM said_pairs),
pairs AS (SELECT no, x, unnest(regexp_extract_all(b, '[a-z]+')) AS y FROM words)
SELECT DISTINCT p.no FROM pairs p
WHERE jaro_winkler_similarity(x, y) >= {ALIKE} OR starts_with(x, y) OR starts_with(y, x)
OR EXISTS (SELECT 1 FROM nicknames n JOIN nicknames m USING (number) WHERE n.word = p.x AND m.word = p.y)
"""
# Of one year, or some digits apart, or the same digits in another order of day, month and year.
_DATES = f"""
WITH digits AS (SELECT no, regexp_replace(a, '[^0-9]', '', 'g') AS x, regexp_replace(b, '[^0-9]', '', 'g') AS y,
                regexp_extract(a, '(1[89]|20)[0-9][0-9]') AS year_a, regexp_extract(b, '(1[89]|20)[0-9][0-9]') AS year_b FROM said_pairs)
SELECT no FROM digits WHERE year_a = year_b OR levenshtein(x, y) <= {SLIPS}
OR list_sort(string_split(x, '')) = list_sort(string_split(y, ''))
"""
