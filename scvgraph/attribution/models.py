"""The models, one row each: a function from journeys to credit.

A rule gives every touch a weight, which sum to 1 in each journey; what a cell (a channel, a campaign, a month) earns
is the sum over its touches. A solved model gives every state its credit for all journeys together. A model of
your own is a rule, or a solved model: any function (journeys, settings) -> array of the one shape or the other,
registered under the entry point group `scvgraph.models`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from scvgraph.attribution import kernel_weights as kernel
from scvgraph.attribution.counterfactual import counterfactual
from scvgraph.attribution.markov import markov
from scvgraph.errors import ScvgraphError, UnknownName, UsageError
from scvgraph.journeys.journeys import DAY, Journeys

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    import numpy.typing as npt

    Float = npt.NDArray[np.float64]

GROUP = "scvgraph.models"


@dataclass(frozen=True, slots=True)
class Model:
    """A model by name. about: one line. setting: what may follow the name after a colon, and what it is without.

    shape: rule, [touches] weights; solved, [states, 2] conversions and value. exclusive: whether weights sum to 1.
    """

    name: str
    about: str
    function: Callable[[Journeys, str], Float]
    shape: Literal["rule", "solved"] = "rule"
    setting: str = ""
    exclusive: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """A model with its setting, as asked for: `time_decay:14`."""

    spec: str
    model: Model
    setting: str = field(default="")

    def weights(self, journeys: Journeys) -> Float:
        return self._called(journeys, (journeys.state.size,))

    def solved(self, journeys: Journeys) -> Float:
        return self._called(journeys, (len(journeys.states), 2))

    def _called(self, journeys: Journeys, shape: tuple[int, ...]) -> Float:
        try:
            made = np.asarray(self.model.function(journeys, self.setting), np.float64)
        except ScvgraphError:
            raise
        except Exception as error:
            if self.model.name in MODELS:
                raise
            raise UsageError(
                f"model {self.spec} of a package fails: {type(error).__name__}: {error}"
            ) from error
        if made.shape != shape:
            raise UsageError(f"model {self.spec} gives an array of shape {made.shape}, not {shape}")
        if not np.isfinite(made).all():  # tables would show what is not a number as 0
            raise UsageError(f"model {self.spec} gives credit that is not a finite number")
        return made


def _number(setting: str, name: str, default: float) -> float:
    try:
        number = float(setting or default)
    except ValueError:
        number = -1.0
    if not 0 < number < float("inf"):
        raise UsageError(f"'{name}:{setting}' needs a number above 0 after the colon")
    return number


def _parts(setting: str, name: str, default: tuple[float, float, float]) -> tuple[float, float, float]:
    if not setting:
        return default
    try:
        first, middle, last = (float(part) for part in setting.split("/"))
    except ValueError:
        first = middle = last = -1.0
    if min(first, middle, last) < 0 or not 0 < first + middle + last < float("inf"):
        raise UsageError(f"'{name}:{setting}' needs three weights after the colon, such as {name}:30/40/30")
    return first, middle, last


def _placed(name: str, first: float, middle: float, last: float) -> Callable[[Journeys, str], Float]:
    def rule(journeys: Journeys, setting: str) -> Float:
        return kernel.positions(journeys.start, *_parts(setting, name, (first, middle, last)))

    return rule


def _by_state(*, whole: bool, spread: bool) -> Callable[[Journeys, str], Float]:
    def rule(journeys: Journeys, _: str) -> Float:
        states = len(journeys.states)
        return kernel.even_by_state(journeys.start, journeys.state, states, whole=whole, spread=spread)

    return rule


def _time_decay(journeys: Journeys, setting: str) -> Float:
    return kernel.decaying(journeys.start, journeys.at, _number(setting, "time_decay", 7.0) * DAY)


def _w(journeys: Journeys, _: str) -> Float:
    reached = int(np.bitwise_or.reduce(journeys.milestone, initial=0)).bit_length()
    each = 0.9 / (max(reached, journeys.milestones) + 1)  # what is asked for counts, whoever reached it
    return kernel.at_milestones(journeys.start, journeys.milestone, each, 0.1)


def _markov(journeys: Journeys, setting: str) -> Float:
    order = _number(setting, "markov", 1)
    if order != int(order):
        raise UsageError(f"'markov:{setting}' needs a whole number after the colon")
    return markov(journeys, int(order))


_ROWS = (
    Model("first", "all to the first touch", _placed("first", 1, 0, 0)),
    Model("last", "all to the last touch", _placed("last", 0, 0, 1)),
    Model("last_non_direct", "all to the last touch that is not direct, if any", lambda j, _: kernel.last_but(j.start, j.direct)),
    Model("linear", "the same to every touch", lambda j, _: kernel.even(j.start)),
    Model("linear_unique", "the same to every channel, on its first touch", _by_state(whole=False, spread=False)),
    Model("u", "40% first, 40% last, 20% between", _placed("u", 40, 20, 40)),
    Model("j", "20% first, 60% last, 20% between", _placed("j", 20, 20, 60)),
    Model("inverse_j", "60% first, 20% last, 20% between", _placed("inverse_j", 60, 20, 20)),
    Model("w", "90% shared by the first touch and milestones, 10% by the rest", _w),
    Model("time_decay", "halved with every half-life before the last touch", _time_decay, setting="days, 7"),
    Model("custom", "weights of the first touch, all between, and the last", _placed("custom", 1, 1, 1), setting="first/between/last, 1/1/1"),
    Model("participation", "all to every channel, so more than there is", _by_state(whole=True, spread=False), exclusive=False),
    Model("markov", "by removal effects in a chain of order k, exact", _markov, "solved", setting="order, 1"),
    Model("shapley", "Shapley value of sets of channels", _by_state(whole=False, spread=False)),
    Model("shapley_ordered", "the same, spread over the places of a channel", _by_state(whole=False, spread=True)),
    Model("counterfactual", "by what a path's rate of conversion loses without a channel", lambda j, _: counterfactual(j), "solved"),
)  # fmt: skip
MODELS: Mapping[str, Model] = {model.name: model for model in _ROWS}


def asked(spec: str) -> Asked:
    """A model as asked for, `name` or `name:setting`. Raises UnknownName, UsageError."""
    spec = spelled_spec(spec)
    name, _, setting = spec.partition(":")
    model = MODELS.get(name) or _of_package(name)
    if model is None:
        raise UnknownName(f"no model '{name}'; there are: {', '.join((*MODELS, *names_of_packages()))}")
    if setting and not model.setting and name in MODELS:
        raise UsageError(f"model '{name}' takes no setting; '{setting}' is one too many")
    wanted = Asked(spec, model, setting)
    _check(wanted)
    return wanted


def own(name: str, function: Callable[[Journeys, str], Any]) -> Model:
    """A model of the caller's; its function may carry `about` and, for a solved one, `solved = True`."""
    solved: Literal["rule", "solved"] = "solved" if getattr(function, "solved", False) else "rule"
    return Model(name, str(getattr(function, "about", "a model of your own")), function, solved, "any")


def spelled_name(name: str) -> str:
    """A model's name as it is known.

    >>> spelled_name("Last-non-direct ")
    'last_non_direct'
    """
    return name.strip().lower().replace("-", "_")


def spelled_spec(spec: str) -> str:
    """A model as asked for, by its known name.

    >>> spelled_spec(" Markov:2"), spelled_spec("LAST")
    ('markov:2', 'last')
    """
    name, _, setting = spec.strip().partition(":")
    return f"{spelled_name(name)}:{setting}" if setting else spelled_name(name)


def names_of_packages() -> list[str]:
    """Models that installed packages name; those of a shipped name stand behind it. None of them is loaded."""
    return sorted(set(_entries()) - set(MODELS))


def _entries() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points

    return {spelled_name(entry.name): entry for entry in entry_points(group=GROUP)}


def _of_package(name: str) -> Model | None:
    """A model of a package. Raises UsageError if its function cannot be loaded."""
    entry = _entries().get(name)
    if entry is None:
        return None
    try:
        return own(name, entry.load())
    except (ImportError, AttributeError) as error:
        raise UsageError(
            f"model {name}, which a package names as {entry.value}, cannot be loaded: {error}"
        ) from error


def _check(wanted: Asked) -> None:
    """Let a setting that cannot be read be told before journeys are."""
    if wanted.setting and wanted.model.name in MODELS:
        from scvgraph.journeys.journeys import from_paths

        wanted.model.function(from_paths([["a"]], [1.0]), wanted.setting)
