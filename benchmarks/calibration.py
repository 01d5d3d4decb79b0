"""What the two numbers behind confidence rest on: fitted on labelled stores, each left out once.

    python benchmarks/calibration.py STORE=TRUTH [STORE=TRUTH ...] [--saturated STORE=TRUTH ...]

Prints for each store the Brier score and expected calibration error of the weight of the surest link, of confidence
with numbers fitted to all other stores, and as built. Saturated sets, in which nearly nothing is wrong, are scored
and not fitted to. Stores must have been made by this version.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from scvgraph.evaluate.calibration import measured, outcomes
from scvgraph.evaluate.truth import read_truth
from scvgraph.resolve.kernel_support import support
from scvgraph.store import Store
from scvgraph.weights import MILLION, SHRUNK, STOOD

LINKS = """
SELECT l.a, l.b, l.rule IN ('match', 'household') AS matched, l.weight, x.customer
FROM links l JOIN memberships x ON l.a = x.identifier JOIN memberships y ON l.b = y.identifier AND x.customer = y.customer
ANTI JOIN refused_links r ON r.a = l.a AND r.b = l.b ORDER BY l.a, l.b
"""


class Labelled:
    """A store's links and outcomes, as arrays."""

    def __init__(self, store: str, truth: str) -> None:
        with Store.open(Path(store)).generation().engine() as engine:
            read_truth(engine, Path(truth))
            self.tested = {n: c.to_numpy() for n, c in zip(*_columns(outcomes(engine)), strict=True)}
            self.links = {
                n: c.to_numpy(zero_copy_only=False)
                for n, c in zip(*_columns(engine.arrow(LINKS)), strict=True)
            }
            held = engine.arrow("SELECT no, count FROM identifiers")
            member = engine.arrow("SELECT identifier, customer FROM memberships")
        size = int(held["no"].to_numpy().max()) + 1
        self.rows = np.ones(size, np.int64)
        self.rows[held["no"].to_numpy()] = np.maximum(held["count"].to_numpy(), 1)
        self.label = np.full(size, -1, np.int32)
        self.label[member["identifier"].to_numpy()] = member["customer"].to_numpy()

    def surest(self) -> np.ndarray:
        """The weight of the surest link of each identifier tested."""
        best = np.zeros(self.rows.size)
        for end in ("a", "b"):
            np.maximum.at(best, self.links[end], self.links["weight"])
        return best[self.tested["identifier"]]

    def confidence(self, stood: float, shrunk: float) -> np.ndarray:
        weight = self.links["weight"]
        odds = weight / np.maximum(1 - weight, 1e-9)
        odds = np.where(self.links["matched"], odds**shrunk, odds * stood)
        said = np.rint(np.minimum(odds / (1 + odds), 1 - 1 / MILLION) * MILLION).astype(np.int32)
        out = np.empty(self.rows.size, np.int32)
        active = self.label >= 0
        support(self.links["a"], self.links["b"], said, self.label, active, self.rows, out)
        found = out[self.tested["identifier"]]
        return np.where(found < 0, MILLION, found) / MILLION

    def loss(self, numbers: np.ndarray) -> float:
        """Log loss of confidence with some numbers: (logarithm of the factor, exponent)."""
        said = np.clip(self.confidence(np.exp(numbers[0]), numbers[1]), 1e-6, 1 - 1e-6)
        share = self.tested["share"]
        return float(-np.mean(share * np.log(said) + (1 - share) * np.log(1 - said)))

    def figures(self, said: np.ndarray) -> str:
        found = measured(said, self.tested["share"], self.tested["code"], said.size)
        return f"{found.brier:.4f} / {found.error:.4f}"


def _columns(table):
    return table.column_names, table.columns


def fitted(sets: list[Labelled]) -> tuple[float, float]:
    """The factor and the exponent that lose least, every set with one vote."""
    found = minimize(
        lambda numbers: sum(each.loss(numbers) for each in sets),
        [3.0, 0.6],
        method="Nelder-Mead",
        options={"maxiter": 60, "xatol": 0.02, "fatol": 1e-4},
    ).x
    return float(np.exp(found[0])), float(found[1])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stores", nargs="+")
    parser.add_argument("--saturated", nargs="*", default=[])
    asked = parser.parse_args()
    sets = {name: Labelled(*name.split("=", 1)) for name in (*asked.stores, *asked.saturated)}
    taught = {name: sets[name] for name in asked.stores}
    print("surest link / others' numbers / as built: Brier score / expected calibration error")
    for name, each in sets.items():
        line = f"{name.split('=')[0]:<40} {each.figures(each.surest())}"
        others = [other for key, other in taught.items() if key != name]
        if name in taught and others:
            numbers = fitted(others)
            line += f"   {each.figures(each.confidence(*numbers))} ({numbers[0]:.1f}, {numbers[1]:.2f})"
        print(f"{line}   {each.figures(each.confidence(STOOD, SHRUNK))}", flush=True)
    print("all: factor {:.1f}, exponent {:.2f}".format(*fitted(list(taught.values()))))


if __name__ == "__main__":
    main()
