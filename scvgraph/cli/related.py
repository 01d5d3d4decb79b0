"""How related customers are shown, on a card and with everything of one customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.cli.layout import grid, heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scvgraph.embedded.answers import Relation


def show_related(related: Sequence[Relation], count: int, household: str | None) -> None:
    """A line for each related customer; nothing where there is none."""
    if related:
        shown = f"{len(related):,} of {count:,}" if len(related) < count else f"{count:,}"
        heading(f"related customers ({shown})", f"household {household}" if household else "")
        grid(
            ("customer", "name", "why", "strength", "household"),
            [(r.customer, r.name, r.why, r.strength, r.household or None) for r in related],
        )
