"""What a trait means, by its name first and by a look at its values otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_B, _E = r"(?:^|.*_)", r"(?:_.*|\d*$)"  # at a word's start; at its end, numbers allowed

# The first row that matches counts. Words of English, German, French, Spanish, Italian, Portuguese, Dutch, Polish.
_ROWS = {
    "ignore": r"record_id|row_id|source|source_system|event_date|updated(?:_at)?|created(?:_at)?|modified|timestamp|loaded(?:_at)?",
    "email": r"e_?mail|courriel|correo|e_?mail_?address",
    "phone": r"(?:tele|mobile_?)?phone|mobile|msisdn|tel|cell|handy|telefon[eo]?|telefoon|fax|movil|cellulare|rufnummer",
    "date": r"birth_?date|date_of_birth|birth_?day|dob|b_?day|geburts_?datum|geburtstag|(?:date_)?naissance|nacimiento|nascita|nascimento|geboortedatum|urodzenia",
    "full_name": r"full_?name|first_and_(?:sur|last)_?name|(?:customer|contact|client|guest|member|holder|display|person|patient)_?name|card_?holder|nom_complet|nombre_completo|nome_completo|volledige_naam",
    "middle_name": r"middle_?(?:name|initial)s?|middle|second_?name|zweit(?:er_)?(?:vor)?name|deuxieme_prenom|tussenvoegsel",
    "first_name": r"first_?name|given_?names?|fore_?names?|fname|first(?=$)|vornamen?|prenoms?|nombre|voornaam|imie|christian_name",
    "last_name": r"last_?name|sur_?name|family_?name|lname|last(?=$)|nachname|familienname|nom(?:_de_famille)?(?=$)|apellidos?|cognome|sobrenome|achternaam|nazwisko|maiden_?name",
    "gender": r"gender|sex|geschlecht|sexe|sexo|sesso|geslacht|plec",
    "street_number": r"(?:street|house|building)_?(?:no|nr|num|number)|hausnummer|huisnummer|numero_civico",
    "code": r"ssn|soc_?sec(?:_id)?|social_security(?:_(?:no|num|number))?|nino|nif|dni|nhs(?:_number)?|national_id|tax_?id|tin|passport|steuer_?id|pesel|codice_fiscale|cpf|iban|licen[cs]e(?:_(?:no|number))?|medicare",
    "postcode": r"post_?code|postal(?:_?code)?|zip(?:_?code)?|plz|code_postal|codigo_postal|cap(?=$)|cep(?=$)|postleitzahl",
    "place": r"city|town|suburb|locality|municipality|district|ort|stadt|ville|ciudad|citta|cidade|plaats|miasto|birth_?place|place_of_birth|geburtsort|lieu_de_naissance",
    "region": r"state|province|county|region|country|country_code|land|bundesland|departement|provincia|nation(?:ality)?",
    "street": r"street(?:_?name|_?address)?|address(?:_?line)?|addr|strasse|rue|calle|via(?=$)|straat|ulica|adresse|direccion|indirizzo",
    "unit": r"unit(?:_?(?:no|number))?|apartment|apt|flat|suite|po_?box|postfach|wohnung|piso",
    "category": r"occupation|job(?:_?title)?|profession|beruf|employer(?:_?(?:id|name))?|company|organi[sz]ation|title|salutation|language|locale|marital(?:_status)?|ethnicity|race",
}
_NAMED = tuple((role, re.compile(_B + f"(?:{words})" + _E)) for role, words in _ROWS.items())
_NAME = re.compile(r"(?:.*_)?name\d*")

_LIKE = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "date": re.compile(
        r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|(?:1[89]|20)\d{6})(?:[ T].*)?"
    ),
    "phone": re.compile(r"(?=[^a-zA-Z]*$)\+?[\d\s()./-]{9,20}"),
    "code": re.compile(r"(?=.*\d)[A-Za-z0-9 ./-]{6,24}"),
}
ROLES = frozenset(_ROWS) | {"text"}
SHOWN = ("email", "phone", "code")  # roles of identifiers that may be misspelled, and so are compared as well


def role_of(name: str, sample: Sequence[str] = ()) -> str:
    """The role of a trait: one of `ROLES`. sample: some distinct values of it, ascending, for names that say nothing.

    A lone `name` is a full name where most of its values have several words, else a last name. A trait without
    a known name is what at least nine of ten values look like, else a category (few words, few values) or text.

    >>> role_of("given_name"), role_of("Geburtsdatum"), role_of("soc_sec_id"), role_of("zip5")
    ('first_name', 'date', 'code', 'postcode')
    >>> role_of("field_7", ["ann@example.com", "bob@example.com"])
    'email'
    """
    folded = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()).strip("_")
    for role, pattern in _NAMED:
        if pattern.fullmatch(folded):
            return role
    if _NAME.fullmatch(folded):
        return "full_name" if 2 * sum(" " in value.strip() for value in sample) > len(sample) else "last_name"
    return _by_content(sample)


def _by_content(sample: Sequence[str]) -> str:
    values = [value.strip() for value in sample if value and value.strip()]
    if not values:
        return "text"
    for role, pattern in _LIKE.items():
        if sum(bool(pattern.fullmatch(value)) for value in values) >= 0.9 * len(values):
            return role
    return "category" if sum(len(value) for value in values) <= 12 * len(values) else "text"


_PERSONAL = frozenset(["first_name", "last_name", "full_name", "date"])


def tells(shape: str, traits: Sequence[str]) -> list[str]:
    """The traits that make a row a profile, one that tells of a person: in a record any, in an event a name or a
    date of birth.

    >>> tells("events", ["first_name", "city"]), tells("records", ["city"])
    (['first_name'], ['city'])
    """
    return [trait for trait in traits if shape == "records" or role_of(trait) in _PERSONAL]
