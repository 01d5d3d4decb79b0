"""What answers about journeys have in common: how they are asked for, what they rest on, and their rows as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from scvgraph.errors import UsageError
from scvgraph.journeys.build import Options

if TYPE_CHECKING:
    import pandas as pd

    from scvgraph.config.project import ChannelPolicy
    from scvgraph.store import Generation

OPTIONS = frozenset(field.name for field in fields(Options))


def split(asked: Mapping[str, Any]) -> tuple[Options, dict[str, Any]]:
    """Options by name, checked, and what else was asked."""
    options = Options(**{name: value for name, value in asked.items() if name in OPTIONS})
    options.check()
    return options, {name: value for name, value in asked.items() if name not in OPTIONS}


def refuse(rest: Mapping[str, Any], known: AbstractSet[str], also: AbstractSet[str]) -> None:
    """Raises UsageError for what is not known; its message names what is, and `also`."""
    for name in rest:
        if name not in known:
            raise UsageError(
                f"there is nothing to ask by '{name}'; there are: {', '.join(sorted(known | also))}"
            )


def stamped(frame: pd.DataFrame, generation: Generation, asked: dict[str, Any]) -> pd.DataFrame:
    """The same table; its `attrs` say what it rests on."""
    frame.attrs.update(stamp_of(generation, asked.pop("channels", None)))
    frame.attrs["asked"] = asked
    return frame


def stamp_of(generation: Generation, channels: ChannelPolicy | None) -> dict[str, Any]:
    """Which generation an answer is of, and under which policy."""
    import hashlib
    import json

    from scvgraph.config.project import ChannelPolicy
    from scvgraph.version import __version__

    policy = json.dumps(generation.about["policy"], sort_keys=True)
    return {
        "generation": generation.number,
        "made_at": generation.about["made_at"],
        "version": __version__,
        "policy": hashlib.sha256(policy.encode()).hexdigest()[:16],
        "channels": asdict(channels or ChannelPolicy()),
    }


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values, for JSON; what is missing is None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]
