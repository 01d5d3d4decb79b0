"""The part of a text that a reader can see.

Exports carry byte order marks, soft hyphens, direction marks, tabs and non-breaking blanks that nobody typed.
`visible` takes them away, so that two values that look the same are the same. It is idempotent.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls, apart from those that count as blanks
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # zero width, bidi marks
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"  # blank braille, variation selectors, BOM
    "\U000e0000-\U000e0fff"  # tags
    "]+"
)
_BLANK = re.compile(r"\s")


def visible(text: str, form: Literal["NFC", "NFKC"]) -> str:
    """Unseen characters gone, every kind of blank a plain space, no outer blanks, one Unicode form.

    NFKC (a full-width '1' is '1') suits what a person types by a rule: e-mail addresses and phone numbers.
    NFC (only accents are composed) suits ids, in which '²' and '2' may well be two values.
    """
    if text.isascii():
        if text.isprintable():
            return text.strip(" ")
    else:
        text = unicodedata.normalize(form, text)
    text = _BLANK.sub(" ", _UNSEEN.sub("", text))
    return unicodedata.normalize(form, text).strip(" ")


def recased(text: str, case: Literal["lower", "upper", "keep"], form: Literal["NFC", "NFKC"]) -> str:
    """The text in one case, settled: Greek and Turkish letters may need a second turn after normalising."""
    if case == "keep":
        return text
    if text.isascii():
        return text.lower() if case == "lower" else text.upper()
    for _ in range(4):
        turned = unicodedata.normalize(form, text.lower() if case == "lower" else text.upper())
        if turned == text:
            break
        text = turned
    return text
