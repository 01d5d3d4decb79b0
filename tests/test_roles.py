"""Roles of traits by name, in several languages, and by content."""

from __future__ import annotations

import pytest

from scvgraph.matching import role_of


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("given_name", "first_name"), ("ForeName", "first_name"), ("Vorname", "first_name"), ("prenom", "first_name"),
        ("surname", "last_name"), ("family name", "last_name"), ("Nachname", "last_name"), ("apellido", "last_name"),
        ("full_name", "full_name"), ("first_and_surname", "full_name"), ("middle_initial", "middle_name"),
        ("dob", "date"), ("Geburtsdatum", "date"), ("date_of_birth", "date"), ("zip", "postcode"), ("PLZ", "postcode"),
        ("postcode_fake", "postcode"), ("address_1", "street"), ("strasse", "street"), ("street_number", "street_number"),
        ("suburb", "place"), ("birth_place", "place"), ("state", "region"), ("sex", "gender"), ("e_mail", "email"),
        ("mobile_phone", "phone"), ("soc_sec_id", "code"), ("nhs_number", "code"), ("unit_number", "unit"),
        ("occupation", "category"), ("record_id", "ignore"),
    ],
)  # fmt: skip
def test_by_name(name, role):
    """A telling name decides."""
    assert role_of(name, ["whatever"]) == role


@pytest.mark.parametrize(
    ("sample", "role"),
    [
        (["ann@x.org", "bob@y.com"], "email"), (["1990-01-02", "1971-12-30"], "date"), (["+44 20 7946 0018"], "phone"),
        (["AB-12-34-56", "QQ-99-88-77"], "code"), (["red", "blue"], "category"), (["a long line of words about a thing"], "text"),
        ([], "text"),
    ],
)  # fmt: skip
def test_by_content(sample, role):
    """A name that says nothing leaves it to the values."""
    assert role_of("field_7", sample) == role


def test_a_lone_name():
    """`name` is a full name where its values have several words, else a last name."""
    assert role_of("name", ["Ann Lee", "Bob Ray"]) == "full_name"
    assert role_of("name", ["Lee", "Ray"]) == "last_name"
