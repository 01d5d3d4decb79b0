"""Reads a file of pairs that somebody judged into table `pairs`, and says what is amiss with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.engine import name, text
from scvgraph.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from scvgraph.engine import Engine

YES = ("yes", "y", "true", "t", "1", "same", "must_link")
NO = ("no", "n", "false", "f", "0", "different", "cannot_link")
UNSURE = ("", "unsure", "skip", "withdrawn")

FORMS = {"identifiers": ("a", "b"), "rows": ("key_a", "key_b")}
_COLUMNS = ("a", "b", "key_a", "key_b", "source_a", "source_b", "stratum", "population")


def read_judged(engine: Engine, path: Path) -> tuple[str, int]:
    """Make table `pairs` (no: data row, the columns above, population a number, same: null if not judged); returns
    by which of FORMS the ends are named, and how many rows there are.
    """
    import duckdb

    if not path.is_file():
        raise UsageError(f"no file of pairs at {path}; give a CSV or Parquet file with a, b and same")
    reader = (
        "read_parquet({})" if path.suffix == ".parquet" else "read_csv({}, header = true, all_varchar = true)"
    ).format(text(str(path)))
    try:
        there = {column[0].lower(): column[0] for column in engine.rows(f"DESCRIBE SELECT * FROM {reader}")}
        form, verdict = _form(path, there)
        columns = [
            f"nullif(trim(CAST({name(there[w])} AS VARCHAR)), '') AS {w}"
            if w in there
            else f"CAST(NULL AS VARCHAR) AS {w}"
            for w in _COLUMNS
        ]
        engine.make(
            "pairs",
            f"SELECT row_number() OVER () AS no, {', '.join(columns)},"
            f" lower(trim(CAST({name(verdict)} AS VARCHAR))) AS said FROM {reader}",
        )
    except duckdb.Error as error:
        raise UsageError(
            f"cannot read {path} ({type(error).__name__}); save the pairs as CSV in UTF-8 or as Parquet"
        ) from None
    _judge(engine, path)
    _check_strata(engine, path)
    return form, int(engine.one("SELECT count(*) FROM pairs"))


def _form(path: Path, there: dict[str, str]) -> tuple[str, str]:
    """Which columns name the ends, and which has the verdict. The file's own columns are counted and not told: in one
    without a header they are somebody's data.
    """
    verdict = there.get("same") or there.get("decision")
    forms = [form for form, ends in FORMS.items() if {*ends} <= there.keys()]
    if verdict is not None and forms:
        return forms[0], verdict
    missing = [] if verdict is not None else ["`same` (yes or no; or `decision`)"]
    missing += [] if forms else ["`a` and `b` (kind:value) or `key_a` and `key_b`"]
    raise UsageError(
        f"{path} needs {', and '.join(missing)}: none of the {len(there)} names in its first row; that row must"
        " name the columns"
    )


def _judge(engine: Engine, path: Path) -> None:
    known = [*YES, *NO, *UNSURE]
    odd = engine.one(
        "SELECT min(no) FROM pairs WHERE said IS NOT NULL AND NOT list_contains($known, said)",
        {"known": known},
    )
    if odd is not None:
        raise UsageError(f"{path}, data row {odd:,}: write yes or no in `same`, or leave it empty")
    engine.make(
        "pairs",
        "SELECT * EXCLUDE (said) REPLACE (CASE WHEN isfinite(try_cast(population AS DOUBLE)) THEN try_cast(population AS DOUBLE) END AS population),"
        " CASE WHEN list_contains($yes, said) THEN true WHEN list_contains($no, said) THEN false END AS same FROM pairs",
        {"yes": [*YES], "no": [*NO]},
    )


def _check_strata(engine: Engine, path: Path) -> None:
    """Where a row has a stratum, all have one, and each stratum was drawn from one number of pairs."""
    if not engine.one("SELECT count(stratum) FROM pairs"):
        return
    bare, uncounted = engine.rows(
        "SELECT min(no) FILTER (stratum IS NULL), min(no) FILTER (coalesce(population, 0) <= 0) FROM pairs"
    )[0]
    if bare is not None:
        raise UsageError(
            f"{path}, data row {bare:,}: has no `stratum`, but others have; name one in each row or none"
        )
    if uncounted is not None:
        raise UsageError(
            f"{path}, data row {uncounted:,}: with `stratum`, `population` must say how many pairs it was drawn from"
        )
    torn = engine.one(
        "SELECT min(p.no) FROM pairs p JOIN (SELECT stratum, arg_min(population, no) AS first FROM pairs GROUP BY stratum) s"
        " USING (stratum) WHERE p.population <> s.first"
    )
    if torn is not None:
        raise UsageError(
            f"{path}, data row {torn:,}: its `population` is not that of the rows before it in the same stratum"
        )
