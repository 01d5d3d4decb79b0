"""Home addresses as profiles tell them, each row's by itself: made comparable, never put together from several rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.relations.strength import ADDRESS, STREET

if TYPE_CHECKING:
    import numpy.typing as npt

    from scvgraph.work import Work

    Int32 = npt.NDArray[np.int32]

PARTS = ("street", "street_number", "unit", "postcode", "place")
SAMPLE = 200  # values a role is judged by
_NOTHING = "('', 'null', 'none', 'nil', 'nan', 'na', 'n a', 'unknown', 'not known', 'not available', 'undefined', 'missing')"
_WORDS = r"trim(regexp_replace(regexp_replace(lower(strip_accents(text)), '[''`.]+', '', 'g'), '[^\p{L}\p{N}]+', ' ', 'g'))"

# A street names a home only with a number, in it or beside it. Postcodes are compared without blanks, and one of a
# single character over and over is nobody's. Without postcode the place tells in which town the street is.
_SPELLED = rf"""
SELECT part, code, CASE WHEN part = 'postcode' THEN replace(words, ' ', '') ELSE words END AS words
FROM (SELECT part, code, {_WORDS} AS words FROM _texts) WHERE words NOT IN {_NOTHING}
AND NOT (part = 'postcode' AND length(translate(words, left(words, 1) || ' ', '')) = 0)"""
_TOLD = rf"""
SELECT DISTINCT t.customer, CASE WHEN coalesce(c.words, p.words) IS NULL THEN '{STREET}' ELSE '{ADDRESS}' END AS kind,
       concat_ws(chr(31), concat_ws(' ', n.words, s.words), u.words, coalesce(c.words, p.words)) AS home
FROM (SELECT DISTINCT * FROM _told) t
JOIN _spelled s ON s.part = 'street' AND s.code = t.street
LEFT JOIN _spelled n ON n.part = 'street_number' AND n.code = t.street_number
LEFT JOIN _spelled u ON u.part = 'unit' AND u.code = t.unit
LEFT JOIN _spelled c ON c.part = 'postcode' AND c.code = t.postcode
LEFT JOIN _spelled p ON p.part = 'place' AND p.code = t.place
WHERE n.words IS NOT NULL OR regexp_matches(s.words, '\p{{N}}')"""
_HOMES = f"""
SELECT customer, kind, (-dense_rank() OVER (ORDER BY home, kind))::INTEGER AS thing FROM ({_TOLD})"""


def make_homes(work: Work, *, wanted: bool) -> None:
    """Table `_homes` (customer, kind, thing): the homes that rows of each customer tell of, a number below 0 for each."""
    import pyarrow as pa

    engine = work.engine
    customer = work.customer_of[work.profiles.node]
    told, texts = {"customer": customer}, []
    for part in PARTS:
        told[part], words = _told(work, part)
        texts.append(
            pa.table(
                {
                    "part": pa.array([part] * len(words), pa.string()),
                    "code": np.arange(len(words), dtype=np.int32),
                    "text": pa.array(words, pa.string()),
                }
            )
        )
    held = (told["customer"] >= 0) & (told["street"] >= 0) & np.bool_(wanted)
    engine.put("_told", pa.table({part: code[held] for part, code in told.items()}))
    engine.put("_texts", pa.concat_tables(texts))
    engine.make("_spelled", _SPELLED)
    engine.make("_homes", _HOMES)
    engine.drop("_told", "_texts", "_spelled")


def _told(work: Work, part: str) -> tuple[Int32, list[str]]:
    """What each profile says of a part, -1 for nothing, and the texts. Of several such traits the first that says it."""
    found = np.full(work.profiles.node.size, -1, np.int32)
    words: list[str] = []
    for trait, (code, texts) in sorted(work.profiles.traits.items()):
        if work.project.resolve.role_of(trait, texts[:SAMPLE]) == part:
            free = (found < 0) & (code >= 0)
            found[free] = code[free] + len(words)
            words += texts
    return found, words
