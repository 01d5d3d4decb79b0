"""Bytes of text files, packed or not: what they are encoded in, their first lines, and lines from further on."""

from __future__ import annotations

import codecs
import gzip
from typing import IO, TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD_BYTES = 32 << 20
SCANNED_BYTES = 256 << 20  # looked through for the encoding; unpacked ones a quarter of that
CHUNK = 1 << 20
_SPREAD, _SPREAD_BYTES = 24, 1 << 18
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_packed(path: Path) -> bool:
    return path.suffix.lower() in {".gz", ".zst"}


def open_bytes(path: Path) -> IO[bytes]:
    if path.suffix.lower() == ".gz":
        return cast("IO[bytes]", gzip.open(path))
    if path.suffix.lower() == ".zst":
        import pyarrow as pa

        stream: Any = pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")
        return cast("IO[bytes]", stream)
    return path.open("rb")


def encoding_of(path: Path) -> str:
    """'utf-8', 'utf-16', 'latin-1' or 'cp1252'.

    UTF-8 unless a byte contradicts it. Else Windows' cp1252 where bytes 0x80 to 0x9F stand, which are control
    characters in Latin-1; without such bytes the two are one.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    high, good = set[int](), True
    left = SCANNED_BYTES // (4 if is_packed(path) else 1)
    with open_bytes(path) as file:
        start = chunk = file.read(CHUNK)
        if start.startswith(_UTF16):
            return "utf-16"
        while chunk and left > 0:
            if good:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    good = False
            high |= {byte for byte in set(chunk) if 0x80 <= byte <= 0x9F}
            left -= len(chunk)
            chunk = file.read(CHUNK)
    if good:
        return "utf-8"
    return "cp1252" if high and not high & {0x81, 0x8D, 0x8F, 0x90, 0x9D} else "latin-1"


def head(path: Path, encoding: str) -> tuple[str, bool]:
    """The text of the first HEAD_BYTES, whole lines only, and whether that is all there is."""
    parts, size = [], 0
    with open_bytes(path) as file:
        while size < HEAD_BYTES and (chunk := file.read(CHUNK)):
            parts.append(chunk)
            size += len(chunk)
        whole = not file.read(1)
    text = b"".join(parts).decode(encoding, errors="replace").removeprefix("\ufeff")
    return (text if whole else text[: text.rfind("\n") + 1]), whole


def further(path: Path, encoding: str) -> Iterator[str]:
    """Pieces of whole lines from all over the rest of an unpacked file; the first line of a piece may be half a cell."""
    if is_packed(path) or encoding == "utf-16":
        return
    size = path.stat().st_size
    step = (size - HEAD_BYTES) // (_SPREAD + 1)
    if step <= 0:
        return
    with path.open("rb") as file:
        for n in range(_SPREAD):
            file.seek(HEAD_BYTES + (n + 1) * step)
            piece = file.read(_SPREAD_BYTES)
            yield piece[piece.find(b"\n") + 1 : piece.rfind(b"\n") + 1].decode(encoding, errors="replace")
