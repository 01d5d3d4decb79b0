"""What an audit says of channels: events that no rule holds for."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from scvgraph.audit.finding import Finding
from scvgraph.config.project import ChannelPolicy
from scvgraph.journeys.channels import OTHER
from scvgraph.journeys.read import unmatched

if TYPE_CHECKING:
    from scvgraph.engine import Engine

_LISTED = 5


def channel_findings(engine: Engine, policy: ChannelPolicy | None = None) -> list[Finding]:
    """A note for each source whose touchpoints say something of their origin that no rule of channels holds for."""
    found = []
    rows = sorted(unmatched(engine, policy or ChannelPolicy()), key=lambda row: str(row["system"]))
    for system, group in groupby(rows, key=lambda row: str(row["system"])):
        said = list(group)
        events = sum(int(str(row["events"])) for row in said)
        names = dict.fromkeys(str(row["channel"] or row["medium"] or row["source"] or OTHER) for row in said)
        listed = ", ".join(f"'{name}'" for name in list(names)[:_LISTED]) + (
            " ..." if len(names) > _LISTED else ""
        )
        found.append(
            Finding(
                "note",
                "channels",
                system,
                f"sources.{system}.channel",
                events,
                finding=f"no rule of channels holds for {events:,} touchpoints of {system}: {listed}",
                means=f"they count in journeys and attribution under the channel the source gives, or {OTHER}",
                do="leave it so, or give them a channel under [channels.rules]",
            )
        )
    return found
