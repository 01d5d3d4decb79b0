"""IP addresses."""

from __future__ import annotations

import pytest

from scvgraph.identifiers.cleaning import clean_one


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("81.2.69.142", "81.2.69.142"),
        (" 81.2.69.142:443", "81.2.69.142"),
        ("081.002.069.142", "81.2.69.142"),
        ("81.2.69.142, 10.0.0.1", "81.2.69.142"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:81.2.69.142", "81.2.69.142"),
        ("192.168.1.1", "192.168.1.1"),
        ("100.64.0.1", "100.64.0.1"),
    ],
)
def test_one_spelling_per_address(raw, value):
    """Ports, zones, brackets, leading zeros and IPv6 spellings do not make another address."""
    assert clean_one("ip", raw) == (value, None, None)


@pytest.mark.parametrize("raw", ["127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", "::", "255.255.255.255"])
def test_addresses_of_no_place_are_placeholders(raw):
    """Loopback and unspecified addresses are kept and marked."""
    assert clean_one("ip", raw).placeholder is not None


@pytest.mark.parametrize("raw", ["256.1.1.1", "1.2.3", "localhost", "1.2.3.4/8", "1.2.3.4.5", "::g"])
def test_what_is_no_address_is_refused(raw):
    """Anything else has no value."""
    assert clean_one("ip", raw) == (None, "ip_invalid", None)
