"""Intervals for shares, at 95 %."""

from __future__ import annotations

import math

Z = 1.959963984540054  # the normal distribution's 97.5th percentile


def wilson(share: float, size: float) -> tuple[float, float]:
    """The score interval of a share seen in a sample. size: of the sample, or what it is worth where it is no simple
    random one (a fraction then). Never leaves 0 to 1, and says something also where the share is 0 or 1.

    Wilson 1927, "Probable inference, the law of succession, and statistical inference", JASA 22.

    >>> [round(end, 3) for end in wilson(0.9, 100)]
    [0.826, 0.945]
    >>> wilson(1.0, 0)
    (0.0, 1.0)
    """
    if size <= 0:
        return 0.0, 1.0
    shrink = 1 + Z * Z / size
    middle = (share + Z * Z / (2 * size)) / shrink
    half = Z * math.sqrt(share * (1 - share) / size + Z * Z / (4 * size * size)) / shrink
    # Rounding must not leave the share itself outside.
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def worth(share: float, variance: float, most: float) -> float:
    """The size of the simple random sample that would know a share with this variance; at most `most`.

    >>> round(worth(0.5, 0.01, 100))
    25
    """
    spread = share * (1 - share)
    return most if spread <= 0 or variance <= 0 else min(most, spread / variance)
