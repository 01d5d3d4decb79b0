"""What a user may choose about the cleaning of one identifier kind."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

# To be raised when a cleaning rule changes, so that stores clean their values again.
RULES_VERSION = 1

Case = Literal["lower", "upper", "keep"]


@dataclass(frozen=True, slots=True)
class Options:
    """How the values of one kind are cleaned; hashable, so that what is derived from it can be kept.

    region: the country in which phone numbers without a country code are dialled, ISO 3166 alpha-2.
    gmail: drop dots and plus-tags in Gmail addresses, and write googlemail.com as gmail.com.
    plus_tags: drop plus-tags on every domain.
    case: what becomes of letters in ids. E-mail is always lower case, and so is an id that is a UUID.
    strip: characters removed from ids, such as ' -'.
    null_words: further words that mean "no value", whatever their case.
    placeholders: further values that must merge nobody, compared after cleaning; `*` stands for anything.
    """

    region: str | None = None
    gmail: bool = True
    plus_tags: bool = False
    case: Case = "keep"
    strip: str = ""
    null_words: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()

    def fingerprint(self) -> str:
        """Names these options and the cleaning rules they were made for; what was cleaned under another name is cleaned again."""
        said = {"rules": RULES_VERSION, **asdict(self)}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def cleaning_options(kinds: Mapping[str, Mapping[str, Any]]) -> dict[str, Options]:
    """How each kind of a generation was cleaned, from what the generation says about itself."""
    names = {field.name for field in fields(Options)}
    options = {}
    for kind, said in kinds.items():
        chosen: dict[str, Any] = {}
        for name in names & said.keys():
            chosen[name] = tuple(said[name]) if isinstance(said[name], list) else said[name]
        options[kind] = Options(**chosen)
    return options
