"""Names that can be read in e-mail addresses, by the names that the data itself knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.identifiers.scans import buffers
from scvgraph.traits.kernel_local_parts import LEAST, hash_all, letters_at, read_local_parts
from scvgraph.work import Said

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from scvgraph.work import Work

    Int32 = npt.NDArray[np.int32]
    Words = tuple[npt.NDArray[np.uint64], Int32]


def names_in_emails(work: Work, first: Mapping[str, int], last: Mapping[str, int]) -> tuple[Said, Said]:
    """First and last names in e-mail addresses; a name of one letter is an initial.

    first, last: names told elsewhere and how often; last names without blanks.
    """
    found = work.engine.arrow("SELECT no, lower(raw) AS raw FROM spellings WHERE kind = 'email'")
    node = work.leads_to[found.column("no").to_numpy()]
    data, ends = buffers(found.column("raw").combine_chunks())
    place = np.zeros((node.size, 4), np.int32)
    if node.size and first:
        read_local_parts((data, ends), _words(first), _words(last), place)
    place[node < 0] = 0
    return _said(node, data, place[:, :2]), _said(node, data, place[:, 2:])


def _words(often: Mapping[str, int]) -> Words:
    """Names by ascending hash, and how often each is told."""
    import pyarrow as pa

    words = [word for word in often if len(word) >= LEAST]
    hashes = hash_all(*buffers(pa.array(words, pa.string())))
    order = np.argsort(hashes)
    return hashes[order], np.array([often[word] for word in words], np.int32)[order]


def _said(node: Int32, data: npt.NDArray[np.uint8], place: Int32) -> Said:
    import pyarrow as pa

    rows = np.flatnonzero(place[:, 1] > place[:, 0])
    ends = np.zeros(rows.size + 1, np.int32)
    letters = letters_at(data, np.ascontiguousarray(place[rows]), ends)
    words = pa.StringArray.from_buffers(
        rows.size, pa.py_buffer(ends), pa.py_buffer(letters)
    ).dictionary_encode()
    return Said(node[rows], words.indices.to_numpy(), words.dictionary.to_pylist())
