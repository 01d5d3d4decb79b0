"""What holds for every kind: bulk and scalar agree, twice is once, nothing raises, look-ups start light."""

from __future__ import annotations

import subprocess
import sys

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scvgraph.identifiers.cleaning import clean, clean_one
from scvgraph.identifiers.kinds import BUILT_IN
from scvgraph.identifiers.options import Options

KINDS = [*BUILT_IN, "membership"]

OPTIONS = (
    Options(),
    Options(region="US"),
    Options(region="gb", gmail=False, plus_tags=True),
    Options(region="IT", case="lower", strip=" -."),
    Options(region="AR", case="upper", strip="-"),
    Options(
        region="nowhere",
        null_words=("Not Given", "b@b.bb", "12345678"),
        placeholders=("c@*", "X*", "1.2.3.4"),
    ),
)

SPECIAL = (
    "", " ", "\ufeff", "null", "NULL ", "N/A", "-", "0", "-1", "d", "A", "anonymous", "aaaa", "----", "0000",
    "00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "phone-1", "x\x00y", "\u202eabc\u202c", "İstanbul", "ΑΣ", "straße",
    "e\u200d\u0301", "ΐ", "ŉ", "a b", "a\u00a0b", "n-a", "Not Given", "NOT GIVEN",
    "Jane.Doe+news@gmail.com", "jane@GOOGLEMAIL.com", "<jane@x.com>;", "mailto:a@b.co?subject=x", "a@b", "@", "a@@b.c",
    "ja ne@x.com", "+@x.com", "...@gmail.com", "test1@x.com", "te-st+1@x.com", "xxx@y.com", "1111@qq.com", "jane@-x.com",
    "jane@x-.com", "jane@x..com", "jane@bücher.de", "jane@例え。jp", "\uff4aane\uff20x.com", "a@xn--bcher-kva.de", "a@b.c",
    "o'hara@x.com", "'o@x.com'", "b@b.bb", "B@B.BB", "c@c.cc", "jane.@docomo.ne.jp", "a@1.2.3.4", "Jane <j@x.com>",
    "+442079460958", "+44 (0)20 7946 0958", "020 7946 0958", "0044 20 7946 0958", "(415) 555-2671", "14976882459",
    "0000000000", "9999999999", "0123456789", "+1 555 555 5555", "1-800-FLOWERS", "415 555 2671 ext. 12", "tel:0000",
    "tel:+442079460958", "tel: 020 7946 0958", "+", "++44", "+0", "00", "0000 1234567", "+999123456789", "12345678",
    "+290 1111", "0000000000,0123456789", "0000000000;c@c.cc", "12345678,", "1234-5678", "b+x@b.bb", "0111558765432", "\u0661\u0662\u0663\u0664\u0665\u0666\u0667", "5\u20e3", "(+44) 2079460958",
    "1.2.3.4", "127.0.0.1", "0.0.0.0", "1.2.3.4:80", "01.2.3.4", "256.1.1.1", "1.2.3", "1.2.3.4.5", "::1", "[::1]:80",
    "FE80::1%eth0", "::ffff:1.2.3.4", "2001:DB8::0:1", "1.2.3.4, 5.6.7.8", "10.0.0.1/8",
)  # fmt: skip

PIECES = st.sampled_from(
    [*SPECIAL, *"+-. @()/0123456789aZ", "\u200b", "\u00ad", "\u00a0", "😀", "ß", "é", "\t", "gmail.com"]
)
TEXTS = st.one_of(
    st.sampled_from(SPECIAL),
    st.lists(PIECES, max_size=6).map("".join),
    st.text(max_size=30),
    st.from_regex(r"\A[+(]?[0-9 ().-]{6,18}\Z"),
    st.from_regex(r"\A[A-Za-z0-9.+_-]{1,8}@[a-z0-9-]{1,5}(\.[a-z0-9-]{1,4}){1,2}\Z"),
    st.from_regex(r"\A[0-9]{1,3}(\.[0-9]{1,3}){3}\Z"),
)


def column(texts):
    return pa.array(texts, pa.string())


def rows(cleaned):
    return list(
        zip(
            cleaned.value.to_pylist(), cleaned.fault.to_pylist(), cleaned.placeholder.to_pylist(), strict=True
        )
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("options", OPTIONS)
def test_bulk_says_what_the_scalar_rule_says_of_special_values(kind, options):
    """The bulk rule answers row for row as the scalar rule, on every value that is special to some kind."""
    assert rows(clean(kind, column(SPECIAL), options)) == [
        tuple(clean_one(kind, text, options)) for text in SPECIAL
    ]


@pytest.mark.parametrize("kind", ["email", "phone", "ip", "cookie_id"])
@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(TEXTS, min_size=1, max_size=8), options=st.sampled_from(OPTIONS))
def test_bulk_says_what_the_scalar_rule_says_of_any_text(kind, texts, options):
    """The bulk rule answers row for row as the scalar rule, on adversarial text, sliced columns included."""
    expected = [tuple(clean_one(kind, text, options)) for text in texts]
    assert rows(clean(kind, column(texts), options)) == expected
    assert rows(clean(kind, column(["x", *texts, "y"]).slice(1, len(texts)), options)) == expected


@pytest.mark.parametrize("kind", ["email", "phone", "ip", "cookie_id"])
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(text=TEXTS, options=st.sampled_from(OPTIONS))
def test_cleaning_twice_is_cleaning_once(kind, text, options):
    """A kept value cleans to itself, with the same mark; a verdict is either a value or a fault."""
    verdict = clean_one(kind, text, options)
    assert (verdict.value is None) == (verdict.fault is not None)
    if verdict.value is None:
        assert verdict.placeholder is None
    else:
        assert clean_one(kind, verdict.value, options) == verdict


@pytest.mark.parametrize("kind", KINDS)
def test_special_values_clean_to_themselves(kind):
    """The special values are idempotent too, under every option."""
    for options in OPTIONS:
        for text in SPECIAL:
            verdict = clean_one(kind, text, options)
            if verdict.value is not None:
                assert clean_one(kind, verdict.value, options) == verdict


@pytest.mark.parametrize("kind", KINDS)
def test_huge_values_are_refused(kind):
    """Ten megabytes in one cell are refused at once, whatever they are made of."""
    for text in ("a" * 10_000_000, "<" * 10_000_000, "1" * 10_000_000, "😀" * 2_500_000):
        assert clean_one(kind, text) == (None, "too_long", None)
        assert rows(clean(kind, column([text]))) == [(None, "too_long", None)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_column_stays_empty(kind):
    """No rows in, no rows out, and all three columns are strings."""
    cleaned = clean(
        kind, column([]), Options(region="US", strip="-", placeholders=("x*",), null_words=("y",))
    )
    assert rows(cleaned) == []
    assert {cleaned.value.type, cleaned.fault.type, cleaned.placeholder.type} == {pa.string()}


def test_own_null_words_are_refused_whatever_their_case():
    """A null word of the user's is refused in bulk and alone, in any case, before and after stripping."""
    options = Options(null_words=("Not Given", "ab-c"), strip="-")
    for text in ("not given", "NOT GIVEN", "AB-C", "ab-c"):
        assert clean_one("crm_id", text, options).fault == "null_word"
        assert rows(clean("crm_id", column([text]), options)) == [(None, "null_word", None)]


def test_own_placeholders_are_kept_and_marked():
    """A placeholder of the user's is compared after cleaning, may hold `*`, and is kept with a mark."""
    options = Options(region="GB", placeholders=("0800 123 456", "shop@corp.com", "till-*"))
    assert clean_one("phone", "+44 800 123456", options) == ("+44800123456", None, "listed")
    assert clean_one("email", "Shop@Corp.com", options) == ("shop@corp.com", None, "listed")
    assert clean_one("device_id", "till-7", options) == ("till-7", None, "listed")
    assert clean_one("device_id", "still-7", options).placeholder is None


def test_a_look_up_imports_no_heavy_package():
    """Cleaning one value of each kind leaves Arrow, NumPy, Numba, pandas and DuckDB unimported."""
    code = (
        "import sys; from scvgraph.identifiers.cleaning import clean_one, Options\n"
        "for kind in ('email', 'phone', 'ip', 'id'): clean_one(kind, 'x@y.zz', Options(region='US', placeholders=('a*',)))\n"
        "print(sorted({'pyarrow', 'numpy', 'numba', 'pandas', 'duckdb'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
