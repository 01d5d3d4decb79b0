"""Weights that rise with agreement: a level that is hardly ever seen takes after its neighbours.

The chances of a level that no pair shows are what the prior makes of nothing, and their ratio says nothing. But that a
level of more agreement speaks no less for a match than one of less is known beforehand. Under that order (of
likelihood ratios) the likeliest chances of both samples are had by pooling neighbours that break it, for the ratio of
a pool is that of its sums: Dykstra, Kochar and Robertson 1995, "Inference for likelihood ratio ordering in the
two-sample problem", Journal of the American Statistical Association 90.
"""

from __future__ import annotations

import dataclasses

from scvgraph.matching.columns import Column
from scvgraph.matching.kernel_compiled import Float64
from scvgraph.matching.model import Model


def rising(model: Model) -> Model:
    """The model with m and u such that in every column weights do not fall while agreement rises."""
    m, u = model.m.copy(), model.u.copy()
    for row, column in enumerate(model.columns):
        _order(m[row], u[row], column)
    return dataclasses.replace(model, m=m, u=u)


def _order(m: Float64, u: Float64, column: Column) -> None:
    """Pool, in place, the levels of one column that break the order; those beside it stay between its ends."""
    chain = column.scale.rising
    pools: list[list[int]] = []
    for level in chain:
        pools.append([level])
        while len(pools) > 1 and _ratio(m, u, pools[-2]) > _ratio(m, u, pools[-1]):
            above = pools.pop()
            pools[-1] += above
    for pool in (pool for pool in pools if len(pool) > 1):
        ratio, both = _ratio(m, u, pool), m[pool] + u[pool]
        # Of the pairs of both samples that a pool holds each level keeps its share.
        m[pool], u[pool] = both * ratio / (1 + ratio), both / (1 + ratio)
    lowest, highest = (m[chain[end]] / u[chain[end]] for end in (0, -1))
    for level in set(column.scale.reached[column.scale.telling :].tolist()) - set(chain):
        m[level] = u[level] * min(max(m[level] / u[level], lowest), highest)


def _ratio(m: Float64, u: Float64, levels: list[int]) -> float:
    return float(m[levels].sum() / u[levels].sum())
