"""What cleaning says of a value: one `Verdict` for one value, one `Cleaned` for a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

RAW_LIMIT = 4096
"""Characters beyond which a raw value is refused unread, so that no value can cost more than its line."""


class Verdict(NamedTuple):
    """Of one value: either `fault` says why it is refused, or `value` is what to keep.

    `placeholder` says why a kept value must merge nobody.
    """

    value: str | None
    fault: str | None = None
    placeholder: str | None = None


def refused(fault: str) -> Verdict:
    return Verdict(None, fault)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Three columns as long as the raw one, row for row.

    value: the cleaned identifier, null where the raw value is refused.
    fault: why it is refused, null elsewhere.
    placeholder: why the kept value is a placeholder that must merge nobody, null elsewhere.
    """

    value: pa.StringArray
    fault: pa.StringArray
    placeholder: pa.StringArray
