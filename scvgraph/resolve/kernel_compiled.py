"""What the compiled kernels share: how they are compiled, and the one shape of array they are given.

A kernel is compiled at its first call and kept on disk, so a machine pays for it once. The copy is renewed
when the kernel's own file changes and not when another does, so a kernel calls only kernels of its own file. It
releases the interpreter lock while it runs. Its inputs are always contiguous and read-only, whatever the
caller holds (a slice, a column of an Arrow table): one set of types, hence one compilation. What it fills is
made by numpy outside it, which asks the system for huge pages and so spares misses in address translation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

BoolArray: TypeAlias = npt.NDArray[np.bool_]
Int8: TypeAlias = npt.NDArray[np.int8]
Int16: TypeAlias = npt.NDArray[np.int16]
Int32: TypeAlias = npt.NDArray[np.int32]
Int64: TypeAlias = npt.NDArray[np.int64]
UInt64: TypeAlias = npt.NDArray[np.uint64]

Kernel = TypeVar("Kernel", bound="Callable[..., Any]")
Scalar = TypeVar("Scalar", bound=np.generic)


def compiled(function: Kernel) -> Kernel:
    """The function as machine code: `numba.njit`, cached on disk, not holding the interpreter lock."""
    return cast("Kernel", numba.njit(cache=True, nogil=True)(function))


def frozen(column: npt.ArrayLike, dtype: type[Scalar]) -> npt.NDArray[Scalar]:
    """A contiguous, read-only view of a column, copied only if its type or layout asks for it.

    Raises ValueError rather than let a value wrap round.

    >>> frozen([1, 2], np.int32).flags.writeable
    False
    """
    given = np.asarray(column)
    view = np.ascontiguousarray(given, dtype=dtype).view()
    if given.dtype != view.dtype and not np.array_equal(given, view):
        raise ValueError(f"a column of {given.dtype} holds values that are no {view.dtype}")
    view.flags.writeable = False
    return view
