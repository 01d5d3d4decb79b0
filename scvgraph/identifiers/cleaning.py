"""The cleaning of identifier values: `clean` for a column, `clean_one` for a look-up.

The scalar rule of a kind is the truth; the bulk rule recognises plain values whose answer is known and leaves
the odd ones to the scalar rule, so both always agree. Cleaning is idempotent and raises on no value.

Nothing here imports Arrow, NumPy or Numba until a column is cleaned, so that a look-up answers at once.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from scvgraph.identifiers.kinds import rule_for
from scvgraph.identifiers.options import Options
from scvgraph.identifiers.placeholders import lasting
from scvgraph.identifiers.verdict import Cleaned, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

__all__ = ["Cleaned", "Options", "Verdict", "clean", "clean_one"]

_LISTED = "listed"
_DEFAULTS = Options()


def clean(kind: str, raw: pa.StringArray, options: Options = _DEFAULTS) -> Cleaned:
    """The values of a column cleaned, row for row; `raw` holds distinct values and no null."""
    cleaned = rule_for(kind).clean(raw, options)
    if not options.placeholders:
        return cleaned
    import pyarrow as pa
    import pyarrow.compute as pc

    exact, globs = _listed(kind, options)
    hit = pc.is_in(cleaned.value, pa.array(sorted(exact), pa.string()))
    if globs is not None:
        hit = pc.or_(hit, pc.fill_null(pc.match_substring_regex(cleaned.value, rf"\A(?:{globs})\z"), False))
    hit = pc.and_(hit, pc.is_null(cleaned.placeholder))
    return Cleaned(cleaned.value, cleaned.fault, pc.if_else(hit, _LISTED, cleaned.placeholder))


def clean_one(kind: str, raw: str, options: Options = _DEFAULTS) -> Verdict:
    """The verdict on one value: (value, fault, placeholder)."""
    verdict = lasting(rule_for(kind).one(raw, options), options)
    if verdict.value is None or verdict.placeholder or not options.placeholders:
        return verdict
    exact, globs = _listed(kind, options)
    if verdict.value in exact or (globs is not None and re.fullmatch(globs, verdict.value)):
        return verdict._replace(placeholder=_LISTED)
    return verdict


def clean_named(written: str, kinds: Mapping[str, Options]) -> str:
    """An identifier written as kind:value, its value cleaned; as it is where the kind is none of these or the value
    none of its kind.

    >>> clean_named("email:Jane@X.com", {"email": Options()})
    'email:jane@x.com'
    """
    kind, _, raw = written.partition(":")
    return f"{kind}:{clean_one(kind, raw, kinds[kind]).value or raw}" if kind in kinds else written


@lru_cache(maxsize=64)
def _listed(kind: str, options: Options) -> tuple[frozenset[str], str | None]:
    """The user's placeholders: exact ones as written and as cleaned, globs as one regular expression."""
    plain = replace(options, placeholders=())
    exact = {entry for entry in options.placeholders if "*" not in entry}
    cleaned = {rule_for(kind).one(entry, plain).value for entry in exact}
    globs = [entry.lower() if kind == "email" else entry for entry in options.placeholders if "*" in entry]
    pattern = "|".join("(?s:.*)".join(map(re.escape, entry.split("*"))) for entry in globs)
    return frozenset(exact | {value for value in cleaned if value is not None}), pattern or None
