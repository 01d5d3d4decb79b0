"""What the name of a column suggests: one row a meaning, the first that matches counts.

A name alone decides nothing that the values can contradict; it chooses between meanings whose values look alike,
as those of ids and of names do. Words are without accents, as names are when they are compared: й is и.
"""

from __future__ import annotations

import re

_B, _E = r"(?:^|.*_)", r"(?:_.*|\d*$)"  # at a word's start; at its end, numbers allowed


def _table(rows: dict[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((meaning, re.compile(_B + f"(?:{words})" + _E)) for meaning, words in rows.items())


# Ids of things that are no person, and of visits: they must not merge people.
NOT_A_PERSON = re.compile(_B + r"(?:session|visit|order|transaction|txn|invoice|basket|cart|sku|product|item|store|shop|branch|till|terminal|register|page|url|referrer|referer|campaign|creative|ad|household|employer|agent|operator|staff|types?|segment|status|tier|level|group|category|count|opt_?in)" + _E)  # fmt: skip

# A number people know by heart and get wrong, so it is compared like a trait and not taken at its word.
NATIONAL_ID = r"ssn|soc_sec|nino|nif|dni|national_id|social_security"

IDENTIFIERS = _table({
    "email": r"e_?mail|mail|recipient|courriel",
    "phone": r"phone|mobile|msisdn|tel|telephone|cell|cellphone|caller|handy|telefon[eo]?|telefoon|movil|cellulare|rufnummer|fax|whatsapp|sms|телефон|电话|電話|手机|手機",
    "ip": r"ip|ipaddr|ipaddress|ip_address|remote_addr",
    "loyalty_id": r"loyalty|card|member|membership|rewards?|bonus|club",
    "cookie_id": r"cookies?|anonymous|anon|visitor|browser|client_id|ga|fpc|fbp|gclid_client|ecid|mcvid|tracking_id",
    "device_id": r"devices?|idfa|idfv|gaid|aaid|adid|android_id|imei|udid|advertising_id|installation|install",
    "crm_id": r"crm|customer|kunde|kunden|client|contact|party|person|lead|guest|patient|subscriber",
    "user_id": r"user|account|acct|login|username|uid|profile",
})  # fmt: skip

TRAITS = _table({
    "birth_date": r"birth_?date|date_of_birth|birth_?day|dob|b_?day|geburtsdatum|geburtstag|naissance|nacimiento|nascita|nascimento|geboortedatum|urodzenia|дата_рождения|生日|出生日期|生年月日",
    "first_name": r"first_?name|given_?names?|forename|fname|first(?=$)|vorname|prenom|nombre|nome(?=$)|voornaam|imie|имя(?=$)|名(?=$)|名字",
    "middle_name": r"middle_?name|middle_?initial|middle|отчество",
    "last_name": r"last_?name|sur_?name|family_?name|lname|last(?=$)|nachname|nom|apellidos?|cognome|sobrenome|achternaam|nazwisko|фамилия|姓(?=$)|姓氏",
    "full_name": r"full_?name|(?:customer|contact|client|guest|member|caller|holder|display)_?name|card_?holder|(?<!_)name(?=$)|фио|姓名|氏名",
    "gender": r"gender|sex|geschlecht|sexe|sexo|пол(?=$)|性别|性別",
    "national_id": NATIONAL_ID,
    "birth_place": r"birth_?place|place_of_birth",
    "postcode": r"post_?code|postal(?:_?code)?|zip(?:_?code)?|plz|postleitzahl|(?:почтовыи_)?индекс|邮编|邮政编码|郵遞區號|郵便番号",
    "city": r"city|town|locality|ort|stadt|ville|ciudad|citta|cidade|miasto|город|城市",
    "country": r"country|country_code|land|nation|страна|国家|國家",
    "state": r"state|province|county",
    "house_number": r"(?:street|house)_?(?:no|nr|num|number)|hausnummer",
    "suburb": r"suburb|district",
    "street": r"street(?:_?name|_?address)?|address(?:_?line)?_?1?|addr|strasse|rue|calle|ulica|улица|адрес|地址|住址|住所",
    "company": r"company|organi[sz]ation|employer_name|firma",
    "title": r"(?<!_)title(?=$)|salutation|anrede",
    "occupation": r"occupation|job|profession",
    "language": r"language|locale",
})  # fmt: skip

# What an event may say of itself; and words in which a time column says what it is the time of.
CHANNEL = re.compile(_B + r"(?:channel|medium|kanal|touchpoint_type)" + _E)
CAMPAIGN = re.compile(_B + r"(?:campaign|utm_campaign|kampagne|promo|promotion)" + _E)
KIND = re.compile(
    _B
    + r"(?:event|events|action|activity|event_type|event_name|event_kind|interaction|(?<!_)(?:type|kind|verb)(?=$)|interaction_type)"
    + _E
)
VALUE = re.compile(
    _B
    + r"(?:amount|revenue|price|total|value|spend|spent|sales|net|gross|turnover|betrag|umsatz|montant|paid)"
    + _E
)
KEY = re.compile(
    _B
    + r"(?:id|key|no|nr|number|num|uuid|guid|ref|reference|ticket|receipt|code|row|record|message|код|номер|编号|編號|番号)"
    + _E
)
UPDATED = re.compile(
    _B
    + r"(?:updated?|modified|modification|changed?|last_(?:seen|change)|as_of|valid|edited|snapshot|export(?:ed)?)"
    + _E
)
CREATED = re.compile(_B + r"(?:created?|registered|registration|joined|signup|signed_up|since|opt_?in)" + _E)
BIRTH = TRAITS[0][1]

# What a source's name says of every event in it: (words, kind, channel).
SOURCES: tuple[tuple[re.Pattern[str], str | None, str | None], ...] = tuple(
    (re.compile(_B + f"(?:{words})" + r"(?:s?_.*|s?\d*$)"), kind, channel)
    for words, kind, channel in (
        ("call|callcentre|callcenter|phone", "call", "call"),
        ("web|site|website|clickstream|pageview|browse", None, "web"),
        ("app|mobile", None, "app"),
        ("email|mail|newsletter|mailing", None, "email"),
        ("sms", None, "sms"),
        ("chat", "chat", "chat"),
        ("pos|till|store|shop|retail|branch", "purchase", "store"),
        ("order|sale|transaction|purchase|payment|invoice|receipt", "purchase", None),
    )
)

CHANNEL_VALUES = frozenset(
    ["web", "website", "app", "mobile", "email", "e-mail", "newsletter", "store", "pos", "shop", "instore", "in-store", "call", "phone", "callcentre", "call_center", "sms", "push", "social", "display", "search", "organic", "direct", "referral", "affiliate", "affiliates", "cpc", "ppc", "paid", "paid_search", "paid_social", "organic_search", "organic_social", "video", "print", "tv", "radio", "chat", "branch", "online", "offline", "signup", "marketplace", "partner", "influencer", "retargeting"]
)  # fmt: skip
_VALUE_PREFIXES = (
    ("cookie_id", re.compile(r"(?i)(?:ck|cookie|ga\d?|fb\.1|anon|vis|visitor)[._-].+")),
    ("device_id", re.compile(r"(?i)(?:dv|dev|device|idfa|gaid|adid|ios|android)[._-].+")),
    ("loyalty_id", re.compile(r"(?i)(?:ly|loy|card|mem)[._-]?\d{5,}")),
)


# Countries where headers are written in such words: more likely than others whose phone numbers look the same.
SPOKEN = _table({
    "NL": r"telefoon(?:nummer)?|voornaam|achternaam|geboortedatum|woonplaats|straat|huisnummer",
    "DE": r"telefon(?:nummer)?|rufnummer|handy|vorname|nachname|geburtsdatum|geburtstag|strasse|hausnummer|plz|postleitzahl|kundennummer",
    "FR": r"prenom|nom(?:_de_famille)?|naissance|rue|ville|code_postal|courriel",
    "IT": r"cognome|nascita|indirizzo|cellulare|citta",
    "ES": r"apellidos?|nombre|nacimiento|calle|movil|correo|ciudad",
    "PT": r"sobrenome|nascimento|cidade|telemovel",
    "PL": r"nazwisko|imie|urodzenia|ulica|miasto",
})  # fmt: skip
SPOKEN_TOO = {"DE": ("DE", "AT", "CH"), "FR": ("FR", "BE", "CH"), "NL": ("NL", "BE"), "PT": ("PT", "BR")}


def meaning(words: str, table: tuple[tuple[str, re.Pattern[str]], ...]) -> str | None:
    """The first meaning whose words stand in a column's name.

    >>> meaning("email_for_receipt", IDENTIFIERS), meaning("surname", TRAITS), meaning("topic", TRAITS)
    ('email', 'last_name', None)
    """
    return next((name for name, pattern in table if pattern.fullmatch(words)), None)


def prefix_meaning(values: tuple[str, ...]) -> str | None:
    """The kind of id that nine in ten values name by how they begin."""
    for kind, pattern in _VALUE_PREFIXES:
        if values and sum(bool(pattern.fullmatch(value)) for value in values) >= 0.9 * len(values):
            return kind
    return None
