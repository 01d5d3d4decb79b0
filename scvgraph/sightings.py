"""The table of sighting rules: how sure it is that identifiers seen together belong to one person.

A rule is a row here: its name, its weight (the probability that two fully trusted identifiers shown together
once are one person's) and the sentence that `explain` shows. `PATTERNS` says which event kinds fall under it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SightingRule:
    weight: float
    sentence: str


RULES: Mapping[str, SightingRule] = {
    "record": SightingRule(0.98, "stand in one profile record"),
    "login": SightingRule(0.97, "were seen together at a sign-in"),
    "form": SightingRule(0.93, "were entered in one form"),
    "purchase": SightingRule(0.91, "were shown in one purchase"),
    "call": SightingRule(0.90, "were given in one call"),
    "click": SightingRule(0.88, "met in one click on a personal message"),
    "event": SightingRule(0.85, "were seen in one event"),
    "page": SightingRule(0.70, "were seen on one page view"),
}

# The first pattern found in an event's kind decides; an event of no known kind is an `event`.
PATTERNS: tuple[tuple[str, str], ...] = (
    ("login", r"log[ _-]?(in|on|out|off)|sign[ _-]?(in|on|out)|auth|identify"),
    ("form", r"form|sign[ _-]?up|regist|subscri|newsletter|lead|survey|consent|enrol"),
    ("purchase", r"purchas|order|checkout|transaction|payment|sale|refund|return|redeem|pos"),
    ("call", r"call|ticket|chat|contact|support|complaint"),
    ("click", r"click|open"),
    ("page", r"page|screen|view|visit|browse|search|impression|session|scroll"),
    ("record", r"record|profile|import|crm"),
)
DEFAULT_RULE = "event"


def rule_of(kind: str | None, chosen: Mapping[str, str]) -> str:
    """The rule an event kind falls under; `chosen` is the project's own table, asked first.

    >>> rule_of("Sign In", {}), rule_of("page_view", {}), rule_of(None, {})
    ('login', 'page', 'event')
    """
    if kind is None:
        return DEFAULT_RULE
    word = kind.lower()
    if word in chosen:
        return chosen[word]
    return next((rule for rule, pattern in PATTERNS if re.search(pattern, word)), DEFAULT_RULE)
