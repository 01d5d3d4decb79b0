"""The Fellegi-Sunter model: per column and level the chances among matches (m) and others (u), and the prior.

Fellegi and Sunter 1969, "A theory for record linkage", Journal of the American Statistical Association 64. The
weight of a level is log2(m / u). Where a value agrees, its own frequency stands in for u (Winkler 1989,
"Frequency-based matching in the Fellegi-Sunter model of record linkage"), within limits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from scvgraph.matching.columns import MOST_LEVELS, Column
from scvgraph.matching.frequencies import Frequency
from scvgraph.matching.kernel_compiled import Float64, Int32

BIT = 1000  # scores are thousandths of a bit


@dataclass(frozen=True, slots=True)
class Model:
    """m, u: [columns, MOST_LEVELS] chances, 1 where a level is unknown or never reached. prior: that two entities match."""

    columns: tuple[Column, ...]
    m: Float64
    u: Float64
    prior: float
    frequencies: dict[str, Frequency]  # by column; of names also of `any name` and of first letters

    @property
    def weights(self) -> Int32:
        """[columns, MOST_LEVELS] thousandths of a bit, before frequencies."""
        bits: Int32 = np.rint(BIT * np.log2(self.m / self.u)).astype(np.int32)
        return bits

    @property
    def base(self) -> int:
        """Thousandths of a bit that every pair starts from."""
        return round(BIT * float(np.log2(self.prior / (1 - self.prior))))

    @property
    def expected(self) -> Int32:
        """[columns] surprise of an agreement by chance, in thousandths of a bit."""
        return np.array([self.frequencies[column.name].expected for column in self.columns], np.int32)

    def aligned(self, columns: tuple[Column, ...]) -> Model:
        """The model for these columns in this order; one it does not know has no weight, with no frequencies."""
        row = {column: place for place, column in enumerate(self.columns)}
        m, u = np.ones((len(columns), MOST_LEVELS)), np.ones((len(columns), MOST_LEVELS))
        for place, column in enumerate(columns):
            if column in row:
                m[place], u[place] = self.m[row[column]], self.u[row[column]]
        nothing = Frequency(pa.array([], pa.string()), np.empty(0, np.int16), 0, 0)
        unknown = {column.name: nothing for column in columns if column not in row}
        return Model(columns, m, u, self.prior, unknown | self.frequencies)


_TEXT, _NUMBERS = ("trait", "role", "level"), ("m", "u", "bits")
PARAMETERS = pa.schema([(name, pa.string()) for name in _TEXT] + [(name, pa.float64()) for name in _NUMBERS])
FREQUENCIES = pa.schema([("trait", pa.string()), ("value", pa.string()), ("bits", pa.int32())])
PRIOR, EXPECTED, RAREST = "(prior)", "(expected)", "(rarest)"


def tables_of(model: Model) -> tuple[pa.Table, pa.Table]:
    """The model as two tables, of parameters (the prior first) and of frequencies, to be stored and shown."""
    weights = model.weights
    rows = [(PRIOR, "", "", model.prior, 1 - model.prior, model.base / BIT)]
    for place, column in enumerate(model.columns):
        for level in column.scale.reached:
            chances = model.m[place, level], model.u[place, level], weights[place, level] / BIT
            rows.append((column.name, column.role, column.scale.levels[level], *chances))
    parameters = pa.table(
        dict(zip(PARAMETERS.names, map(list, zip(*rows, strict=True)), strict=True)), PARAMETERS
    )
    parts = []
    for name, held in model.frequencies.items():
        special = pa.array([EXPECTED, RAREST])
        bits = np.concatenate([[held.expected, held.rarest], held.bits]).astype(np.int32)
        value = pa.concat_arrays([special, held.values.cast(pa.string())])
        parts.append(
            pa.table([pa.array([name] * len(value), pa.string()), value, pa.array(bits)], schema=FREQUENCIES)
        )
    return parameters, pa.concat_tables(parts) if parts else FREQUENCIES.empty_table()


def model_of(parameters: pa.Table, frequencies: pa.Table) -> Model:
    """The model that `tables_of` made tables of."""
    prior, *rows = parameters.to_pylist()
    columns = tuple(dict.fromkeys(Column(row["trait"], row["role"]) for row in rows))
    m, u = np.ones((len(columns), MOST_LEVELS)), np.ones((len(columns), MOST_LEVELS))
    for row in rows:
        column = Column(row["trait"], row["role"])
        at = columns.index(column), column.scale.levels.index(row["level"])
        m[at], u[at] = row["m"], row["u"]
    held = {}
    for name in dict.fromkeys(frequencies["trait"].to_pylist()):
        own = frequencies.filter(pa.compute.equal(frequencies["trait"], name)).combine_chunks()
        special = dict(zip(own["value"][:2].to_pylist(), own["bits"][:2].to_pylist(), strict=True))
        values, bits = own["value"][2:], np.asarray(own["bits"])[2:].astype(np.int16)
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        held[name] = Frequency(values, bits, special[RAREST], special[EXPECTED])
    return Model(columns, m, u, prior["m"], held)
