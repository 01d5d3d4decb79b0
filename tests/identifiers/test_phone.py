"""Phone numbers: the policy, and the proof that the bulk reads them as `phonenumbers` does."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path

import pyarrow as pa
import pytest

from scvgraph.identifiers.cleaning import clean_one
from scvgraph.identifiers.options import Options
from scvgraph.identifiers.phone import known_region
from scvgraph.identifiers.phone_plans import in_e164
from scvgraph.identifiers.phone_scan import scan_phones


@pytest.fixture(scope="module")
def benchmark():
    """benchmarks/normalise.py, which knows how numbers are spelt and asks the package."""
    path = Path(__file__).parents[2] / "benchmarks" / "normalise.py"
    spec = importlib.util.spec_from_file_location("normalise_benchmark", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("raw", "region", "value"),
    [
        ("(415) 555-2671", "US", "+14155552671"),
        ("07700 900123", "GB", "+447700900123"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("+44 (0)20 7946 0958", "US", "+442079460958"),
        ("0044 20 7946 0958", "GB", "+442079460958"),
        ("011 44 20 7946 0958", "US", "+442079460958"),
        ("0044 20 7946 0958", None, "+442079460958"),
        ("tel:+44-20-7946-0958", None, "+442079460958"),
        ("415.555.2671 ext 12", "US", "+14155552671"),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("\uff10\uff12\uff10 7946 0958", "GB", "+442079460958"),
        ("(569) 805-1399", "US", "+15698051399"),
        ("14976882459", "US", "+14976882459"),
        ("243-107-7242", "us", "+12431077242"),
        ("020 7946 0958", None, "tel:02079460958"),
        ("020 7946 0958", "ZZ", "tel:02079460958"),
    ],
)
def test_numbers_of_possible_length_are_kept_in_e164(raw, region, value):
    """Any spelling leads to E.164, assigned or not; without region and country code, to the digits dialled."""
    assert clean_one("phone", raw, Options(region=region)) == (value, None, None)


@pytest.mark.parametrize(
    ("raw", "region", "fault"),
    [
        ("call me", "US", "phone_invalid"), ("none", "US", "null_word"), ("123", "US", "phone_impossible"),
        ("555-2671", "US", "phone_local"), ("+44 1", None, "phone_impossible"), ("4155552671415", "US", "phone_impossible"),
        ("12345", None, "phone_impossible"), ("call me", None, "phone_invalid"), ("+999 123456789", None, "phone_invalid"),
        ("1" * 300, "US", "too_long"),
    ],
)  # fmt: skip
def test_impossible_numbers_are_refused_with_their_reason(raw, region, fault):
    """Wrong lengths, numbers without area code and words have no value and a stable fault code."""
    assert clean_one("phone", raw, Options(region=region)) == (None, fault, None)


@pytest.mark.parametrize("region", ["US", "GB", "DE", "IT", "SG", None])
@pytest.mark.parametrize("raw", ["0000000000", "9999999999", "000-000-0000", "0000"])
def test_one_digit_over_and_over_is_a_placeholder_in_every_region(raw, region):
    """Such a number is kept and marked, never refused."""
    verdict = clean_one("phone", raw, Options(region=region))
    assert verdict.value is not None
    assert verdict.placeholder == "all_one_digit"


@pytest.mark.parametrize("raw", ["0123456789", "1234567890", "+1 555 555 5555", "9876543210", "+10000000000"])
def test_digits_in_order_and_equal_subscriber_numbers_are_placeholders(raw):
    """Digits typed along the keypad, and one digit behind the country code, are kept and marked."""
    verdict = clean_one("phone", raw, Options(region="US"))
    assert verdict.value is not None
    assert verdict.placeholder in {"sequence", "all_one_digit"}


def test_an_ordinary_number_is_no_placeholder():
    """Runs inside a number mark nobody."""
    assert clean_one("phone", "(415) 555-5555", Options(region="US")).placeholder is None
    assert clean_one("phone", "+44 7700 900000", Options(region="GB")).placeholder is None


def test_the_bulk_agrees_with_the_package_in_every_region(benchmark):
    """In all regions and spellings the bulk gives the package's E.164, settled, or refuses as it does."""
    rng = random.Random(7)
    wrong = []
    for region in benchmark.REGIONS:
        count = 1500 if region in {"US", "GB"} else 25
        wrong += benchmark.disagreements(benchmark.dialled(count, region, rng), region)
    assert wrong == []


@pytest.mark.parametrize(
    ("region", "share"), [("US", 0.97), ("GB", 0.97), ("DE", 0.97), ("FR", 0.97), ("IT", 0.97)]
)
def test_ordinary_numbers_do_not_need_the_package(benchmark, region, share):
    """Digits and separators of the usual regions are read in bulk, so that a million take a second."""
    texts = [t for t in benchmark.dialled(800, region, random.Random(3)) if "x" not in t]
    digits, plain, plus = scan_phones(pa.array(texts))
    sure = in_e164(digits, plain, plus, region)[2]
    assert sure.mean() >= share


def test_regions_are_known_in_any_case():
    """A region is an ISO 3166 code the package knows; anything else is no region."""
    assert known_region(" gb ") == "GB"
    assert known_region("UK") is None
    assert known_region(None) is None
