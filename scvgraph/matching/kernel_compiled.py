"""How this room's kernels are compiled, the names of its array types, and the threads they run on.

A kernel is compiled at its first call and kept on disk; the copy is renewed when the kernel's own file changes
and not when another does, so a kernel calls only kernels of its own file. It releases the interpreter lock.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

Bool: TypeAlias = npt.NDArray[np.bool_]
Int8: TypeAlias = npt.NDArray[np.int8]
UInt8: TypeAlias = npt.NDArray[np.uint8]
Int16: TypeAlias = npt.NDArray[np.int16]
Int32: TypeAlias = npt.NDArray[np.int32]
Int64: TypeAlias = npt.NDArray[np.int64]
UInt64: TypeAlias = npt.NDArray[np.uint64]
Float64: TypeAlias = npt.NDArray[np.float64]

Kernel = TypeVar("Kernel", bound="Callable[..., Any]")


def compiled(function: Kernel) -> Kernel:
    """The function as machine code: `numba.njit`, cached on disk, not holding the interpreter lock."""
    return cast("Kernel", numba.njit(cache=True, nogil=True)(function))


def in_parts(size: int, work: Callable[[int, int], object], least: int = 1 << 15) -> None:
    """Call `work(begin, end)` over parts of range(size) on all cores; each part writes only its own places."""
    parts = max(1, min(4 * (os.cpu_count() or 1), size // least))
    bounds = [size * part // parts for part in range(parts + 1)]
    spans = list(pairwise(bounds))
    if parts == 1:
        work(0, size)
        return
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for done in [pool.submit(work, begin, end) for begin, end in spans]:
            done.result()
