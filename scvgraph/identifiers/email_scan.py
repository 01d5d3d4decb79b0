"""The compiled scan of e-mail addresses; see `scans` for what a scan may claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scvgraph.identifiers.placeholders import EMAIL_LOCALS, EMAIL_LOCALS_NUMBERED
from scvgraph.identifiers.scans import alarms, buffers, compiled, strings_from

if TYPE_CHECKING:
    import pyarrow as pa

    from scvgraph.identifiers.scans import Mask

_ALARMS = alarms(EMAIL_LOCALS | EMAIL_LOCALS_NUMBERED)
_GMAIL = np.frombuffer(b"gmail.com", np.uint8)
_GOOGLEMAIL = np.frombuffer(b"googlemail.com", np.uint8)
_AT, _DOT, _PLUS, _DASH, _UNDERSCORE, _ZERO, _NINE = 64, 46, 43, 45, 95, 48, 57


def scan_emails(raw: pa.StringArray, *, gmail: bool, plus_tags: bool) -> tuple[pa.StringArray, Mask]:
    """The cleaned addresses, empty where odd, and which are plain."""
    data, offsets = buffers(raw)
    out = np.empty(int(offsets[-1]) - int(offsets[0]), np.uint8)
    ends = np.zeros(len(offsets), np.int32)
    plain = _scan_emails(data, offsets, _ALARMS, (gmail, plus_tags), (out, ends))
    return strings_from(out[: ends[-1]], ends), plain


@compiled
def _at_sign(data: Any, start: int, end: int) -> int:
    """Where the one '@' of a plain address stands; -1 where the address is odd.

    The domain of a plain one is two or more ASCII labels, the last of letters only.
    """
    at, label, letters, labels = -1, 0, True, 0
    for i in range(start, end):
        byte = data[i]
        letter = 97 <= (byte | 32) <= 122
        if byte == _AT and at < 0:
            at = i
        elif at < 0:
            if not (letter or _ZERO <= byte <= _NINE or byte in (_DOT, _PLUS, _DASH, _UNDERSCORE)):
                return -1
        elif letter or _ZERO <= byte <= _NINE:
            label, letters = label + 1, letters and letter
        elif byte == _DOT and label > 0:
            label, letters, labels = 0, True, labels + 1
        elif byte == _DASH and label > 0 and i + 1 < end and data[i + 1] != _DOT:
            label, letters = label + 1, False
        else:
            return -1
        if label > 60:
            return -1
    return at if label >= 2 and letters and labels > 0 else -1


@compiled
def _listed(data: Any, start: int, at: int, alarms: Any) -> bool:
    """Whether the local part may be a placeholder; digits behind the word do not save it."""
    code = bare = size = 0
    first, same = np.int64(-1), True
    for i in range(start, at):
        byte: Any = np.int64(data[i])
        if byte == _PLUS:
            break
        if byte in (_DOT, _DASH, _UNDERSCORE):
            continue
        byte = byte + 32 if 65 <= byte <= 90 else byte
        first = byte if size == 0 else first
        same, size = same and byte == first, size + 1
        code = (code * 31 + byte) & 0xFFFF
        if not _ZERO <= byte <= _NINE:
            bare = code
    return size == 0 or (same and size >= 3) or alarms[code] or alarms[bare]


@compiled
def _is_domain(data: Any, start: int, end: int, domain: Any) -> bool:
    if end - start != len(domain):
        return False
    for i in range(len(domain)):
        byte = data[start + i]
        if (byte + 32 if 65 <= byte <= 90 else byte) != domain[i]:
            return False
    return True


@compiled
def _write_email(data: Any, span: Any, choices: Any, out: Any, to: int) -> int:
    start, at, end = span
    gmail = choices[0] and (
        _is_domain(data, at + 1, end, _GMAIL) or _is_domain(data, at + 1, end, _GOOGLEMAIL)
    )
    for i in range(start, at):
        byte = data[i]
        if byte == _PLUS and (gmail or choices[1]):
            break
        if byte == _DOT and gmail:
            continue
        out[to] = byte + 32 if 65 <= byte <= 90 else byte
        to += 1
    out[to] = _AT
    to += 1
    if gmail:
        for i in range(len(_GMAIL)):
            out[to + i] = _GMAIL[i]
        return to + len(_GMAIL)
    for i in range(at + 1, end):
        out[to] = data[i] + 32 if 65 <= data[i] <= 90 else data[i]
        to += 1
    return to


@compiled
def _scan_emails(data: Any, offsets: Any, alarms: Any, choices: Any, written: Any) -> Any:
    out, ends = written
    plain = np.zeros(len(offsets) - 1, np.bool_)
    to = 0
    for row in range(len(plain)):
        start, end = offsets[row], offsets[row + 1]
        at = _at_sign(data, start, end) if 5 < end - start <= 254 else -1
        if at > start and at - start <= 64 and not _listed(data, start, at, alarms):
            plain[row] = True
            to = _write_email(data, (start, at, end), choices, out, to)
        ends[row + 1] = to
    return plain
