"""How far a shared thing speaks for one household: by what it is, how many share it, and who came back to it.

Each thing gives -ln(1 - p) with p from BASE, in billionths so that sums do not depend on their order. Things add up.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scvgraph.weights import BILLION, PERSONAL

if TYPE_CHECKING:
    from scvgraph.config.project import IdentifierKind

MOST = 10  # customers on one thing, and in one household: what has more is an office, a kiosk, a hall of residence
HOUSEHOLD = 0.5  # relations at least so strong hold a household together
ADDRESS, STREET = "address", "street"
# How likely two customers are of one household who share a thing with nobody else: a full home address; a street and
# number without postcode or place, which half the towns of a country have; an identifier that stands for a person
# (shared by families, but also mistyped, recycled, or a desk's); a device or browser, or a place such as an IP
# address, where both were seen several times.
BASE = {ADDRESS: 0.9, STREET: 0.25}
TOLD, USED = 0.4, 0.6
RETURNS = 3  # rows of either from which a thing that is used counts in full: once may be a visit
DISCOUNT = (
    0.15  # what each doubling of the others around a thing takes from it, as around an identifier's links
)


def base_of(kind: IdentifierKind) -> tuple[float, bool]:
    """Probability for a kind of identifier, and whether it matters how often both came back."""
    told = kind.links and kind.trust >= PERSONAL
    return (TOLD, False) if told else (USED, True)


def worth(base: float, customers: int, returns: int) -> int:
    """Billionths that one thing adds. customers: on the thing, 2 or more; returns: 1 to RETURNS.

    >>> round(1 - math.exp(-worth(0.6, 2, RETURNS) / 1e9), 3), round(1 - math.exp(-worth(0.6, 5, 1) / 1e9), 3)
    (0.6, 0.209)
    """
    alone = -math.log1p(-base) * returns / RETURNS
    return round(BILLION * alone / (1 + DISCOUNT * math.log2(customers - 1)))
