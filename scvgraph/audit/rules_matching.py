"""Findings about how people were compared: what the cap of candidates dropped, what a fixed model does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.audit.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from scvgraph.audit.evidence import Evidence


def dropped_pairs(evidence: Evidence) -> Iterator[Finding]:
    """Keys that too many people have in common dropped more pairs than all rules found together."""
    lost = [block for block in evidence.blocks if block.dropped_blocks]
    found = sum(block.pairs for block in evidence.blocks)
    dropped = sum(block.dropped_pairs for block in lost)
    if not lost or dropped <= found:
        return
    worst = max(lost, key=lambda block: (block.dropped_pairs, block.rule))
    yield Finding(
        "note", "dropped_pairs", None, None, sum(block.dropped_entities for block in lost),
        finding=f"{dropped:,} pairs of people were not looked at, {found:,} were: {len(lost)} of {len(evidence.blocks)} rules have keys that too many share, most of all '{worst.rule}' ({worst.dropped_blocks:,} {'key' if worst.dropped_blocks == 1 else 'keys'})",
        means="who agrees only in what is that common is not found; a pair that any narrower rule found was compared all the same",
        do="raise resolve.cap if duplicates are missed (time and memory grow with its square), or give more traits",
    )  # fmt: skip


def not_in_model(evidence: Evidence) -> Iterator[Finding]:
    """A fixed model does not know traits that are there, or knows traits that are not."""
    told = {
        "not in the model": ("the fixed model does not know", "they are not compared"),
        "not in the data": ("no row holds, and the fixed model knows,", "they count nothing"),
    }
    for origin, (what, means) in told.items():
        traits = sorted({trait for trait, because in evidence.strange if because == origin})
        if traits:
            yield Finding(
                "warning", "not_in_model", None, None, 0,
                finding=f"{what} {', '.join(traits)}",
                means=f"{means}; scores of all others are as the model says",
                do="learn a new model: take `model` out of [resolve], run, and write it with `scvgraph model --to FILE`",
            )  # fmt: skip


def foreign_model(stages: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """A fixed model was learnt from other sources than those it was used on, as the run noted. stages: its reports."""
    counts: Mapping[str, int] = next((stage["counts"] for stage in stages if stage["stage"] == "match"), {})
    if not counts.get("model_sources"):
        return []
    return [
        Finding(
            "warning", "foreign_model", None, None, 0,
            finding="the fixed model was learnt from sources of other names than these",
            means="what agreement is worth, and how common values are, may be otherwise here: people may be joined or missed by it",
            do="look at the customers with `scvgraph evaluate` or `scvgraph review`; else learn a new model: take `model` out of [resolve], run, and write it with `scvgraph model --to FILE`",
        )
    ]  # fmt: skip


RULES = (dropped_pairs, not_in_model)
