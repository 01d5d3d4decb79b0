"""E-mail addresses, one rule a test."""

from __future__ import annotations

import pytest

from scvgraph.identifiers.cleaning import clean_one
from scvgraph.identifiers.options import Options


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("Jane.Doe+news@gmail.com", "janedoe@gmail.com"),
        ("JANE@GoogleMail.com", "jane@gmail.com"),
        ("Jane.Doe+news@x.com", "jane.doe+news@x.com"),
        ("  jane@x.com\u00a0", "jane@x.com"),
        ("\ufeffja\u00adne@x.com\u200b", "jane@x.com"),
        ("<jane@x.com>", "jane@x.com"),
        ('"Jane Doe" <mailto:JANE@x.com>;', "jane@x.com"),
        ("mailto:jane@x.com?subject=hello", "jane@x.com"),
        ("'jane@x.com',", "jane@x.com"),
        ("jane@x.com.", "jane@x.com"),
        ("jane\uff20x.com", "jane@x.com"),
        ("jane@bücher.de", "jane@xn--bcher-kva.de"),
        ("jane@XN--BCHER-KVA.de", "jane@xn--bcher-kva.de"),
        ("o'hara@x.com", "o'hara@x.com"),
        ("jane.@docomo.ne.jp", "jane.@docomo.ne.jp"),
        ("jané@x.com", "jané@x.com"),
        ("jane@my-shop.co.uk", "jane@my-shop.co.uk"),
    ],
)
def test_one_spelling_per_address(raw, value):
    """Case, wrapping, invisible characters and Gmail's dots and tags do not make another address."""
    assert clean_one("email", raw) == (value, None, None)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ("", "empty"), (" \u200b ", "empty"), ("N/A", "null_word"), ("<null>", "null_word"), ("jane", "email_no_at"),
        ("jane@x@y.com", "email_many_at"), ("jane@x", "email_bad_domain"), ("jane@x.c", "email_bad_domain"),
        ("jane@x..com", "email_bad_domain"), ("jane@-x.com", "email_bad_domain"), ("jane@1.2.3.4", "email_bad_domain"),
        ("jane@x_y.com", "email_bad_domain"), ("jane @x.com", "email_bad_local"), ("@x.com", "email_bad_local"),
        ("+tag@gmail.com", "email_bad_local"), ("a" * 65 + "@x.com", "too_long"),
        ("a@" + "b" * 60 + ("." + "c" * 60) * 4 + ".com", "too_long"),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_its_reason(raw, fault):
    """A refused address has a stable fault code and no value."""
    assert clean_one("email", raw) == (None, fault, None)


@pytest.mark.parametrize(
    "local",
    ["test", "Test1", "noemail", "no-email", "none", "null", "noreply", "no-reply", "do.not.reply", "na", "n.a",
     "unknown", "anonymous", "fake", "dummy", "example2", "xxx", "asdf", "asdfasdf", "0000", "test+4"],
)  # fmt: skip
def test_made_up_local_parts_are_placeholders(local):
    """A local part somebody typed to get past a form is kept and marked, on any domain."""
    verdict = clean_one("email", f"{local}@corp.com")
    assert verdict.value is not None
    assert verdict.placeholder is not None


@pytest.mark.parametrize(
    "address",
    ["test.user.smith@x.com", "contest@x.com", "nadia@x.com", "jane@example.com", "info@example1.com", "xx@x.com",
     "12@qq.com", "bo@x.com", "anna@x.com", "user42@x.com", "nolan@x.com", "a@test.com"],
)  # fmt: skip
def test_real_people_are_not_placeholders(address):
    """A listed word inside a longer local part, or in the domain, marks nobody."""
    assert clean_one("email", address).placeholder is None


def test_gmail_and_tags_are_choices():
    """Dots and tags stay at Gmail where asked, and tags go everywhere where asked."""
    assert clean_one("email", "J.D+a@gmail.com", Options(gmail=False)).value == "j.d+a@gmail.com"
    assert clean_one("email", "J.D+a@x.com", Options(plus_tags=True)).value == "j.d@x.com"
