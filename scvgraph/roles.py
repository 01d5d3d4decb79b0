"""What a trait tells of a person, by its name: the roles that resolution treats in ways of their own."""

from __future__ import annotations

import re

_ROLES = (
    ("birth_date", r"(birth_?(date|day)|date_?of_?birth|dob|geburts(datum|tag)|(date_de_)?naissance)"),
    ("first_name", r"(first|given|fore)_?names?|fname|vorname|prenom|nombre"),
    ("last_name", r"(last|sur|family|second)_?names?|lname|nachname|nom|apellidos?"),
    ("full_name", r"(full_?|(customer|contact|client|guest|member|caller|holder|display)_)?name"),
)


def role_of(trait: str) -> str | None:
    """The role of a trait, or None for one compared as it stands.

    >>> role_of("first_name"), role_of("date_of_birth"), role_of("caller_name"), role_of("city")
    ('first_name', 'birth_date', 'full_name', None)
    """
    name = trait.lower()
    return next((role for role, pattern in _ROLES if re.fullmatch(pattern, name)), None)
