"""Where phone numbers are dialled, told from the numbers alone."""

from __future__ import annotations

import random
import re

import phonenumbers
import pytest

from scvgraph.profile.column import summed_up
from scvgraph.profile.region import best_region, spoken_in

# Plans that digits alone cannot tell apart: Canada's is a part of the American one, the others are ten digits from 0.
ALIKE = {"CA": {"US"}, "NL": {"FR", "IT"}, "CH": {"FR", "AU", "SE"}, "AU": {"FR", "CH", "IT"}}


def numbers(region, *, grouped):
    """A hundred and twenty numbers of a region, as they are written there or in digits."""
    draw = random.Random(region)
    found = []
    while len(found) < 120:
        example = phonenumbers.example_number_for_type(region, draw.choice((0, 1)))
        digits = str(example.national_number)
        start = draw.randint(2, 4)
        example.national_number = int(
            digits[:start] + "".join(draw.choice("0123456789") for _ in digits[start:])
        )
        if phonenumbers.is_valid_number_for_region(example, region):
            written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
            found.append(written if grouped else re.sub(r"\D", "", written))
    return summed_up("phone", found)


@pytest.mark.parametrize("region", ["GB", "US", "FR", "ES", "NL", "BE", "CH", "AU", "IE", "PT", "PL", "SE", "IN", "BR", "IT", "DE", "AT"])  # fmt: skip
def test_numbers_written_as_at_home_name_their_region(region):
    """Plans overlap, and the way numbers are grouped and begin tells them apart."""
    assert best_region([numbers(region, grouped=True)])[0] == region


@pytest.mark.parametrize("region", ["GB", "US", "FR", "ES", "NL", "BE", "CA", "CH", "AU", "IE", "PT", "PL", "SE", "IN", "BR", "IT", "DE", "AT"])  # fmt: skip
def test_digits_alone_name_their_region_or_say_what_else_it_may_be(region):
    """Where digits fit several plans the reason names the others, the right one among them."""
    best, why = best_region([numbers(region, grouped=False)])
    assert best in {region, *ALIKE.get(region, ())}
    assert best == region or f" {region}" in why.partition("but they fit")[2]


def test_a_hint_decides_between_plans_that_fit():
    """A region that countries or domains speak for is taken where the numbers fit it, and not where they do not."""
    assert best_region([numbers("AU", grouped=False)], ["AU"])[0] == "AU"
    assert best_region([numbers("US", grouped=False)], ["GB"])[0] == "US"


def headers(*names):
    return [summed_up(name, ["x"] * 9) for name in names]


@pytest.mark.parametrize(
    ("region", "names"),
    [
        ("NL", ("telefoon", "voornaam", "achternaam")),
        ("CH", ("telefon", "vorname")),
        ("AU", ("phone", "suburb")),
    ],
)
def test_the_language_of_the_headers_decides_between_plans_that_fit_alike(region, names):
    """Dutch headers speak for the Netherlands, German ones also for Austria and Switzerland, English ones for nobody."""
    spoken = spoken_in(headers(*names))
    best, why = best_region([numbers(region, grouped=False)], (), spoken)
    assert best == region or (not spoken and f" {region}" in why)


def test_the_language_of_the_headers_does_not_overrule_the_numbers():
    """Polish headers over American numbers change nothing."""
    spoken = spoken_in(headers("imie", "nazwisko"))
    assert spoken == ["PL"]
    assert best_region([numbers("US", grouped=True)], (), spoken)[0] == "US"
