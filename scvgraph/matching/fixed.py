"""A model in one file, so that later runs score as the one that wrote it: parameters, frequencies, and how each trait
is compared.

A Parquet file. Rows are those of the tables `model` and `model_frequencies`, one below the other; the file's own
metadata holds the rest. Values of traits stand in it: it is as personal as the data.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from scvgraph.errors import ScvgraphError
from scvgraph.matching.comparisons import NOT_IN_DATA, NOT_IN_MODEL, OFF, Comparison
from scvgraph.matching.model import FREQUENCIES, PARAMETERS, Model, model_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

FORMAT = 1
_KEY = b"scvgraph model"
_ROWS = pa.unify_schemas([PARAMETERS, FREQUENCIES.set(2, pa.field("surprise", pa.int32()))])


class UnusableModel(ScvgraphError):  # noqa: N818 - reads as what happened
    """A file that holds no model for this version; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class FixedModel:
    """A model out of a file. nicknames: SHA-256 of the file of nicknames it was learnt with. checksum: its own
    file's. sources: names of those it was learnt from; empty where the file does not say.
    """

    model: Model
    comparisons: tuple[Comparison, ...]
    nicknames: str
    checksum: str
    sources: tuple[str, ...] = ()

    def differences(self, comparisons: Sequence[Comparison], sources: Collection[str]) -> dict[str, int]:
        """How much the data differs from what the model was learnt from: traits that only one of them has, and
        names of sources that only one of them has.
        """
        strange = {each.trait for each in comparisons if each.origin in (NOT_IN_MODEL, NOT_IN_DATA)}
        foreign = set(self.sources) ^ set(sources) if self.sources else set()
        return {"model_traits": len(strange), "model_sources": len(foreign)}


def checksum(file: Path) -> str:
    """SHA-256 of a file's bytes, as hex digits."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def write_fixed(
    path: Path,
    tables: tuple[pa.Table, pa.Table],
    comparisons: Sequence[Comparison],
    nicknames: str,
    sources: Sequence[str] = (),
) -> None:
    """Write a model as `read_fixed` reads it. tables: those `tables_of` makes, in their order."""
    parameters, frequencies = tables
    renamed = frequencies.rename_columns(["trait", "value", "surprise"])
    rows = pa.concat_tables([parameters, renamed], promote_options="default").select(_ROWS.names)
    about = {
        "format": FORMAT,
        "parameters": parameters.num_rows,
        "nicknames": nicknames,
        "sources": list(sources),
        "comparisons": [asdict(each) for each in comparisons],
    }
    rows = rows.replace_schema_metadata({_KEY: json.dumps(about, ensure_ascii=False)})
    pq.write_table(rows, path, compression="zstd")


def read_fixed(path: Path) -> FixedModel:
    """The model in a file. Raises UnusableModel."""
    try:
        content = path.read_bytes()
        rows = pq.read_table(pa.BufferReader(content))
        about = json.loads((rows.schema.metadata or {}).get(_KEY, b"null"))
    except OSError as error:
        raise UnusableModel(f"cannot read {path.name}: {error.strerror or 'not a Parquet file'}") from None
    except (pa.ArrowInvalid, ValueError):
        raise UnusableModel(f"{path.name} is damaged or no model; {_CURE}") from None
    if not isinstance(about, dict) or not isinstance(about.get("format"), int):
        raise UnusableModel(f"{path.name} is no model; {_CURE}")
    if about["format"] != FORMAT:
        raise UnusableModel(
            f"{path.name} was written by another version of scvgraph (format {about['format']}, here {FORMAT}); use that version, or {_CURE}"
        )
    try:
        return _fixed(rows, about, hashlib.sha256(content).hexdigest())
    except (KeyError, TypeError, ValueError, IndexError, pa.ArrowInvalid):
        raise UnusableModel(
            f"{path.name} is damaged, or compares in ways this version does not know; {_CURE}"
        ) from None


_CURE = "write it anew: take `model` out of [resolve], run, and call `scvgraph model --to FILE`"


def _fixed(rows: pa.Table, about: dict[str, Any], own: str) -> FixedModel:
    many = about["parameters"]
    parameters = rows.slice(0, many).select(PARAMETERS.names).cast(PARAMETERS)
    frequencies = rows.slice(many).select(["trait", "value", "surprise"])
    model = model_of(parameters, frequencies.rename_columns(FREQUENCIES.names).cast(FREQUENCIES))
    comparisons = tuple(Comparison(**each) for each in about["comparisons"])
    return FixedModel(model, comparisons, about["nicknames"], own, tuple(about.get("sources", ())))


def usable(path: Path, nicknames: Path, declared: Mapping[str, str]) -> FixedModel:
    """The model in a file, for a project. nicknames, declared: the project's own. Raises UnusableModel."""
    fixed = read_fixed(path)
    if fixed.nicknames != checksum(nicknames):
        raise UnusableModel(
            f"{path.name} was learnt with other nicknames; give `nicknames` the file of then, or {_CURE}"
        )
    for trait, role in declared.items():
        roles = {each.role.removeprefix("shown_") for each in fixed.comparisons if each.trait == trait}
        if roles and role not in (*roles, OFF):
            known = " and ".join(sorted(roles))
            raise UnusableModel(
                f"{path.name} compares {trait} as {known}, [resolve.compare] as {role}; say the same, or {_CURE}"
            )
    return fixed
