"""Questions of credit by name, as the command line and the Python face ask them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from scvgraph.attribution.attribute import DEFAULT_MODELS, Attribution, Question
from scvgraph.attribution.attribute import attribute as answered
from scvgraph.attribution.models import spelled_spec
from scvgraph.attribution.table import COLUMNS
from scvgraph.errors import UsageError
from scvgraph.journeys.answers import OPTIONS, refuse, split, stamp_of

if TYPE_CHECKING:
    from scvgraph.config.project import ChannelPolicy
    from scvgraph.engine import Engine
    from scvgraph.store import Generation

_QUESTION = {field.name for field in fields(Question)} - {"models", "journeys"}


def attribute(
    engine: Engine, generation: Generation, models: Sequence[str], asked: Mapping[str, Any]
) -> Attribution:
    """Credit by models. asked: fields of Question and Options by name, and `channels`."""
    question, channels = question_of(models, asked)
    return answered(engine, question, channels, stamp_of(generation, channels))


def question_of(models: Sequence[str], asked: Mapping[str, Any]) -> tuple[Question, ChannelPolicy | None]:
    """A question as its parts are named. Raises UsageError for what is no part of one."""
    options, rest = split(asked)
    channels: ChannelPolicy | None = rest.pop("channels", None)
    refuse(rest, _QUESTION, OPTIONS)
    for name in ("by", "milestones"):
        if name in rest:
            rest[name] = (rest[name],) if isinstance(rest[name], str) else tuple(dict.fromkeys(rest[name]))
    # Credit of one twice would add up to double.
    once = tuple(dict.fromkeys(spelled_spec(spec) for spec in models))
    question = Question(models=once or DEFAULT_MODELS, journeys=options, **rest)
    for column in (*question.by, question.segment):
        if column in COLUMNS:
            raise UsageError(
                f"'{column}' is a column of the answer itself; give the trait another name in the project file"
            )
    if question.segment in question.by:
        raise UsageError(
            f"'{question.segment}' is what credit goes to; segment by another column, or name others with by"
        )
    return question, channels
