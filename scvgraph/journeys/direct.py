"""What becomes of direct touches, those of which nothing says what brought the customer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scvgraph.journeys.kernel_forms import direct_kept, direct_overwritten

if TYPE_CHECKING:
    from scvgraph.journeys.journeys import Journeys

POLICIES = {
    "keep": "direct touches count like others",
    "drop": "they are left out, unless a journey has no others",
    "drop_tail": "those at the end of a journey are left out, unless it has no others",
    "overwrite": "one within some hours of an earlier touch that is not direct counts as that one",
}


def without_direct(journeys: Journeys, policy: str, within: float) -> Journeys:
    """Journeys under a policy. within: microseconds, for `overwrite`."""
    if policy == "overwrite":
        source = direct_overwritten(journeys.start, journeys.at, journeys.direct, int(within))
        return replace(
            journeys,
            state=journeys.state[source],
            direct=journeys.direct[source],
            touch=journeys.touch[source],
        )
    if policy == "keep":
        return journeys
    return journeys.keep(direct_kept(journeys.start, journeys.direct, tail=policy == "drop_tail"))
