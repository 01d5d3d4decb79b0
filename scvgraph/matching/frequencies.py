"""How common values are, so that a rare one that agrees counts for more.

A value's surprise is the negative binary logarithm of the share of holders of the trait that hold it, in
thousandths of a bit. Frequencies belong to a model: a later run with the same model uses the same ones, whatever
data has come since.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scvgraph.matching.kernel_compiled import Float64, Int16, Int64

_MOST = 32_000  # what an int16 holds


@dataclass(frozen=True, slots=True)
class Frequency:
    """Surprise of the values of one column that more than one entity holds; any other has that of a single holder."""

    values: pa.Array  # ascending
    bits: Int16
    rarest: int
    expected: int  # surprise of an agreement by chance: what two holders drawn at random have in common

    def of(self, values: pa.Array) -> Int16:
        """Surprise of each value."""
        if not len(self.values):
            return np.full(len(values), self.rarest, np.int16)
        place = pc.fill_null(pc.index_in(values, value_set=self.values), len(self.values))
        bits: Int16 = np.append(self.bits, np.int16(self.rarest))[np.asarray(place)]
        return bits


def frequency_of(values: pa.Array, counts: Int64, holders: int) -> Frequency:
    """Counted: how many of the holders of a column hold each value."""
    share: Float64 = np.maximum(counts, 1) / max(holders, 1)
    chance = float(np.sum((counts / max(holders, 1)) ** 2))
    more = counts > 1
    return Frequency(
        values.filter(pa.array(more)),
        np.minimum(_bits(share[more]), _MOST).astype(np.int16),
        min(int(_bits(np.array([1 / max(holders, 1)]))[0]), _MOST),
        int(_bits(np.array([chance]))[0]) if chance > 0 else 0,
    )


def seldom_of(values: pa.Array, counts: Int64) -> Frequency:
    """Of values that are numbers: how seldom a holder of any but 0 holds so much or more."""
    order = np.argsort(np.asarray(values.cast(pa.int64())), kind="stable")
    number = np.asarray(values.cast(pa.int64()))[order]
    reached = np.cumsum(np.where(number > 0, counts[order], 0)[::-1])[::-1]
    bits = np.empty(order.size, np.int64)
    bits[order] = _bits(np.maximum(reached, 1) / max(int(reached.max(initial=0)), 1))
    return Frequency(values, np.minimum(bits, _MOST).astype(np.int16), 0, 0)


def _bits(share: Float64) -> Int64:
    bits: Int64 = np.maximum(np.rint(-1000 * np.log2(share)), 0).astype(np.int64)
    return bits
