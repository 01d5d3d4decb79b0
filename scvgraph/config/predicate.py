"""A conversion predicate: one SQL condition over an event's own cleaned columns, nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping

COLUMNS = {"kind": "VARCHAR", "channel": "VARCHAR", "campaign": "VARCHAR", "value": "DOUBLE"}
# What rules of channels see of an event; `system` is its source in the project file.
EVENT = {**COLUMNS, "source": "VARCHAR", "medium": "VARCHAR", "referrer": "VARCHAR", "system": "VARCHAR"}


def fault_of(predicate: str, known: Mapping[str, str] = COLUMNS) -> str | None:
    """What is wrong with a predicate, or None. It may use the columns known, and no sub-query."""
    if ";" in predicate or re.search(r"\bselect\b|--|/\*", predicate, re.IGNORECASE):
        return "must be one condition, such as \"kind = 'purchase'\", without sub-queries or comments"
    import duckdb

    columns = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in known.items())
    with duckdb.connect(config={"enable_external_access": "false"}) as con:
        try:
            con.execute(f"SELECT CAST(({predicate}) AS BOOLEAN) FROM (SELECT {columns})").fetchall()
        except duckdb.Error as error:
            first = str(error).splitlines()[0]
            return f"is not a condition over {', '.join(known)}: {first}"
    return None


def fault_of_time_format(form: str) -> str | None:
    """What is wrong with a format of times, or None."""
    import duckdb

    if "%" not in form:
        return f"'{form}' is neither epoch_s, epoch_ms, epoch_us nor a format such as '%d/%m/%Y %H:%M:%S'"
    with duckdb.connect() as con:
        try:
            con.execute("SELECT try_strptime('', $form)", {"form": form}).fetchall()
        except duckdb.Error as error:
            return f"'{form}' is not a format of times, such as '%d/%m/%Y %H:%M:%S': {str(error).splitlines()[0]}"
    return None
