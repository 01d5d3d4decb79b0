"""Where the nodes of a small graph stand: the same graph, the same places, without a random number.

Stress majorization (Gansner, Koren, North 2004): distances on paper come as near as they can to distances in the graph,
near pairs counting most. Then boxes that lie on each other are pushed apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Places: TypeAlias = NDArray[np.float64]

ROUNDS, PUSHES = 200, 160
APART = 1.5  # further than the longest way: how far pieces lie from each other that nothing joins


def places(
    count: int, edges: Sequence[tuple[int, int, float]], box: tuple[float, float], length: tuple[float, float]
) -> Places:
    """Middle of each node, shape (count, 2), y downwards, the least at the size of half a box.

    edges: both ends and the length it should have, in `length`s. box: width and height of a node with room around it.
    length: of an edge of length 1, across and down. O(count^2) memory, a moment for some hundreds.
    """
    if count == 0:
        return np.zeros((0, 2))
    distances = _distances(count, edges)
    at = _levelled(_majorized(distances, _start(distances))) * length
    at = _pushed_apart(at, box)
    return np.asarray(at - at.min(axis=0) + np.array(box) / 2)


def _distances(count: int, edges: Sequence[tuple[int, int, float]]) -> Places:
    """Shortest ways between all pairs, by Floyd and Warshall."""
    far = np.full((count, count), np.inf)
    np.fill_diagonal(far, 0)
    for a, b, length in edges:
        far[a, b] = far[b, a] = min(far[a, b], length)
    for via in range(count):
        np.minimum(far, far[:, via, None] + far[None, via], out=far)
    reached = far[np.isfinite(far)]
    return np.where(np.isfinite(far), far, reached.max() + APART)


def _start(distances: Places) -> Places:
    """Classical scaling, turned one way, and a spiral's little step for each node, so that no two fall together."""
    count = len(distances)
    centred = np.eye(count) - 1 / count
    _, vectors = np.linalg.eigh(-centred @ distances**2 @ centred / 2)
    two = vectors[:, -2:][:, ::-1] if count > 1 else np.zeros((1, 1))
    at = np.zeros((count, 2))
    at[:, : two.shape[1]] = two * np.sqrt(count)
    at *= np.where(at[np.abs(at).argmax(axis=0), [0, 1]] < 0, -1, 1)
    turn = np.arange(count) * np.pi * (3 - np.sqrt(5))
    step = 0.3 * np.sqrt((np.arange(count) + 0.5) / count)
    return np.asarray(at + step[:, None] * np.column_stack([np.cos(turn), np.sin(turn)]))


def _majorized(distances: Places, at: Places) -> Places:
    """Rounds of SMACOF with weights of distance^-2; each lowers the stress."""
    if len(at) < 2:
        return at
    weights = np.where(distances > 0, np.maximum(distances, 1e-9) ** -2.0, 0.0)
    inverse = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights)
    for _ in range(ROUNDS):
        gaps = np.maximum(np.linalg.norm(at[:, None] - at[None], axis=2), 1e-9)
        pull = -weights * distances / gaps
        np.fill_diagonal(pull, 0)
        np.fill_diagonal(pull, -pull.sum(axis=1))
        at = inverse @ (pull @ at)
    return at


def _levelled(at: Places) -> Places:
    """Turned so that it is widest across, for screens are."""
    at = at - at.mean(axis=0)
    _, _, axes = np.linalg.svd(at, full_matrices=False)
    if axes.shape != (2, 2):
        return at
    axes *= np.where(axes[[0, 1], np.abs(axes).argmax(axis=1)] < 0, -1, 1)[:, None]
    return np.asarray(at @ axes.T)


def _pushed_apart(at: Places, box: tuple[float, float]) -> Places:
    """Boxes that overlap move apart along the way that is shorter, until none do or rounds are used up."""
    count, order = len(at), np.arange(len(at))
    side = np.where(order[:, None] < order[None], -1.0, 1.0)  # who goes where, of two in one place
    for _ in range(PUSHES):
        gap = at[:, None] - at[None]
        short = np.array(box) - np.abs(gap)
        lies = (short[..., 0] > 0.5) & (short[..., 1] > 0.5) & (order[:, None] != order[None])
        if count < 2 or not lies.any():
            break
        across = short[..., 0] / box[0] < short[..., 1] / box[1]
        way = np.where(gap == 0, side[..., None], np.sign(gap))
        move = np.where(np.stack([across, ~across], axis=2) & lies[..., None], way * short, 0) / 2
        at = at + move.sum(axis=1) / np.maximum(lies.sum(axis=1), 1)[:, None] * 1.05
    return at
