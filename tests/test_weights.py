"""From weights to probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from scvgraph.weights import of_matches, of_seen

WEIGHTS = np.linspace(0.000001, 0.999999, 1001)


@pytest.mark.parametrize("map_", [of_seen, of_matches])
def test_a_surer_weight_is_a_greater_probability(map_) -> None:
    """Both maps rise strictly and stay between 0 and 1."""
    said = map_(WEIGHTS)
    assert (np.diff(said) > 0).all()
    assert said.min() > 0
    assert said.max() < 1


def test_maps_are_what_the_documents_say() -> None:
    """Seen together: odds times 25. Matched: the square root of the odds."""
    assert of_seen(np.array([0.7]))[0] == pytest.approx(25 * 7 / (25 * 7 + 3))
    assert of_matches(np.array([0.99]))[0] == pytest.approx(99**0.5 / (99**0.5 + 1))
