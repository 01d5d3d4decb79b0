"""What columns hold: content first, names second."""

from __future__ import annotations

import pytest
from made_up import People

from scvgraph.profile.column import shape_of, summed_up
from scvgraph.profile.recognise import RECOGNISERS, recognise

PEOPLE = People(60)


def role_of(name, values, region="GB", kind=None):
    found = recognise(summed_up(name, list(values), kind), region)
    return found.role, found.name


def held(what, times=1):
    return [person[what] for person in PEOPLE.people for _ in range(times)]


@pytest.mark.parametrize(
    ("name", "values", "role"),
    [
        ("contact", held("email"), ("identifier", "email")),
        ("name", held("email"), ("identifier", "email")),
        ("ref", held("phone"), ("identifier", "phone")),
        ("ref", [p.replace(" ", "") for p in held("phone")], ("identifier", "phone")),
        ("id1", held("cookie", 3), ("identifier", "cookie_id")),
        ("id1", [f"ck_{c}" for c in held("cookie")], ("identifier", "cookie_id")),
        ("x", [f"dv_{c}" for c in held("cookie")], ("identifier", "device_id")),
        ("idfa", [d.upper() for d in held("device")], ("identifier", "device_id")),
        ("Card No", held("card"), ("identifier", "loyalty_id")),
        ("customerNo", [f"C{n:06}" for n in range(60)], ("identifier", "crm_id")),
        ("account", [f"u-{n}" for n in range(60)], ("identifier", "user_id")),
        ("addr", [f"10.0.{n}.1" for n in range(60)], ("identifier", "ip")),
        ("ssn", [f"606-95-{n:04}" for n in range(60)], ("trait", "national_id")),
        ("phone", ["withheld", "02079460000", "07400 900001"], ("identifier", "phone")),
        ("dob", held("born"), ("trait", "birth_date")),
        ("d", held("born"), ("trait", "birth_date")),
        ("forename", held("first"), ("trait", "first_name")),
        ("Surname", held("last"), ("trait", "last_name")),
        ("name", ["Ann Lee", "Bob Fox"], ("trait", "full_name")),
        ("q1", ["F", "M", "F"], ("trait", "gender")),
        ("zip", ["85251", "10001"], ("trait", "postcode")),
        ("when", ["2026-01-01 10:00:00", "2026-01-02 10:00:00"], ("time", "")),
        ("utm_medium", ["cpc", "email", "organic"], ("channel", "")),
        ("src", ["web", "app", "store"], ("channel", "")),
        ("utm_campaign", ["a", "b", "a", "b"], ("campaign", "")),
        ("what", ["page_view", "login", "purchase"], ("kind", "")),
        ("amount", ["12.50", "3"], ("value", "")),
        ("x", ["12.50", "3.99"], ("value", "")),
    ],
)
def test_roles(name, values, role):
    """A column is what its values are; the name decides only between ids, and between traits."""
    assert role_of(name, values) == role


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("session_id", held("device", 3)),
        ("order_id", [f"O{n}" for n in range(60)]),
        ("store_name", ["Ely", "York"]),
        ("first_seen", ["yes", "no"]),
        ("customer_type", ["gold", "silver"]),
        ("email_opt_in", ["yes", "no"]),
        ("user_agent", ["Mozilla/5.0 (X11)", "curl/8"]),
        ("phone", ["yes", "no", "yes"]),
        ("email", ["1", "2", "3"]),
        ("score", ["1", "2", "3"]),
    ],
)
def test_left_alone(name, values):
    """What merges no people, or contradicts its name, is left to the user."""
    assert role_of(name, values)[0] == "undecided"


def test_guesses_say_so():
    """Random-looking ids under a name that says nothing are a guess, in words."""
    assert "GUESS" in recognise(summed_up("id1", held("cookie", 3)), None).why


def test_empty_columns_go_by_name_and_say_so():
    """Without a value the name is all there is."""
    found = recognise(summed_up("e-mail", [None, None]), None)
    assert (found.role, found.name, "no values" in found.why) == ("identifier", "email", True)


def test_decimal_commas_are_noticed():
    """12,50 needs decimal = ','."""
    assert recognise(summed_up("betrag", ["12,50", "1.200,00", "-3,00"]), None).decimal == ","


def test_null_words_are_no_values():
    """Null words count neither as filled nor as values."""
    column = summed_up("x", ["null", "N/A", "-", "a", None])
    assert (column.filled, column.distinct, column.rows) == (1, 1, 5)


def test_shapes_hide_values():
    """A shape keeps the pattern and gives no letter or digit away."""
    assert shape_of("AB123") == "AA999"
    assert shape_of("Jane.Doe@x.com") == "Aaaa.Aaa@a.aaa"
    assert len(shape_of("x\x00y" * 1000)) <= 30


def test_every_recogniser_says_when_it_speaks():
    """The docstring is the rule."""
    assert all(recogniser.__doc__ for recogniser in RECOGNISERS)
