"""What a file adds depends on its content, not on its name nor on how often it comes."""

from __future__ import annotations

import pytest
from shop import EVENTS, HEAD

HEADER = "id,at,amount,mail,cookie,note\n"
ONE = "1,2025-01-01,1,a@x.com,c1,n\n"
TWO = "2,2025-01-02,2,b@x.com,c2,n\n"
THREE = "3,2025-01-03,3,c@x.com,c3,n\n"
UNKEYED = EVENTS.replace('key = "id"\n', "").replace('"web.csv"', '"*.csv"')


def count(shop):
    return shop.rows("SELECT count(*) FROM events")[0][0]


@pytest.mark.parametrize("sources", [EVENTS.replace('"web.csv"', '"*.csv"'), UNKEYED])
def test_the_same_file_adds_nothing(shop, sources):
    """A file read before, under whatever name, adds no row, and the generation stays."""
    shop.declare(sources)
    shop.put("a.csv", HEADER + ONE + TWO)
    assert shop.run().fresh
    before = shop.partition()
    assert not shop.run().fresh
    shop.put("b.csv", HEADER + ONE + TWO)
    assert not shop.run().fresh
    (shop.folder / "a.csv").unlink()
    assert not shop.run().fresh
    assert (shop.store.current(), count(shop), shop.partition()) == (1, 2, before)


@pytest.mark.parametrize("sources", [EVENTS.replace('"web.csv"', '"*.csv"'), UNKEYED])
def test_a_grown_file_adds_what_is_new(shop, sources):
    """Of a file that has grown the new rows are added; the others are known."""
    shop.declare(sources)
    shop.put("a.csv", HEADER + ONE + TWO)
    shop.run()
    shop.put("a.csv", HEADER + ONE + THREE + TWO)
    shop.run()
    assert [counts[1:] for counts in shop.files()] == [(2, 2, 0, 0), (3, 1, 0, 2)]
    assert count(shop) == 3


def test_rows_that_stand_twice_count_twice(shop):
    """Copies within a file are kept; files that overlap do not double them, and only the further copy is added."""
    shop.declare(UNKEYED)
    shop.put("a.csv", HEADER + ONE * 2)
    shop.run()
    shop.put("b.csv", HEADER + ONE * 3 + TWO)
    shop.run()
    assert count(shop) == 4
    shop.put("c.csv", HEADER + TWO + ONE * 3)
    shop.put("d.csv", HEADER + ONE + THREE)
    shop.run()
    assert count(shop) == 5


def test_a_correction_replaces_the_version_of_its_key(shop):
    """Of versions of one key the latest by time counts; with equal times the last to come, and a way back as well."""
    shop.put("web.csv", HEADER + ONE + TWO)
    shop.run()
    shop.put("web.csv", HEADER + ONE.replace("a@x", "new@x") + TWO)
    shop.run()
    assert frozenset({"email:new@x.com", "cookie_id:c1"}) in shop.partition()
    assert "email:a@x.com" not in {value for group in shop.partition() for value in group}
    shop.put("web.csv", HEADER + ONE.replace("a@x", "old@x").replace("2025", "2024"))
    shop.run()
    assert frozenset({"email:new@x.com", "cookie_id:c1"}) in shop.partition()
    assert shop.keys() == ["1", "2"]


RECORDS = """
[sources.crm]
shape = "records"
files = "crm.csv"
key = "id"
[sources.crm.identifiers]
email = "mail"
[sources.crm.traits]
city = "city"
"""


def test_records_without_times_follow_the_last_file(shop):
    """A record without an updated time is what the last file says, also when that is what it was once before."""
    shop.declare(RECORDS)
    for day, city in enumerate(("Rome", "Oslo", "Rome", "Rome")):
        shop.put("crm.csv", f"id,mail,city,exported\n1,a@x.com,{city},{day}\n2,b@x.com,Bonn,{day}\n")
        shop.run()
        assert shop.rows("SELECT key, city FROM records ORDER BY key") == [("1", city), ("2", "Bonn")]
        assert shop.rows("SELECT city FROM customers ORDER BY city") == sorted([("Bonn",), (city,)])


def test_an_unkeyed_correction_is_a_further_row(shop):
    """Without a key a changed row is another row; the old one stays."""
    shop.declare(UNKEYED)
    shop.put("web.csv", HEADER + ONE)
    shop.run()
    shop.put("web.csv", HEADER + ONE.replace("a@x", "new@x"))
    shop.run()
    assert count(shop) == 2


def test_another_reading_of_a_source_replaces_the_first(shop):
    """When a source is declared otherwise its files are read again, and the rows of the first reading count no more."""
    shop.declare(UNKEYED)
    shop.put("web.csv", HEADER + ONE + TWO)
    shop.run()
    shop.declare(UNKEYED.replace('cookie_id = "cookie"', 'device_id = "cookie"'))
    shop.run()
    assert count(shop) == 2
    assert frozenset({"email:a@x.com", "device_id:c1"}) in shop.partition()
    shop.declare(UNKEYED)
    shop.run()
    assert count(shop) == 2
    assert frozenset({"email:a@x.com", "cookie_id:c1"}) in shop.partition()


OTHERWISE = UNKEYED.replace('cookie_id = "cookie"', 'device_id = "cookie"')


def test_a_grown_file_read_otherwise_counts_once(shop):
    """Rows held under an earlier version of a file without keys count no more when the file is read otherwise."""
    shop.declare(UNKEYED)
    shop.put("a.csv", HEADER + ONE + ONE + TWO)
    shop.run()
    shop.put("a.csv", HEADER + ONE + ONE + TWO + THREE)
    shop.run()
    before = shop.store.generation()
    shop.declare(OTHERWISE)
    shop.run()
    assert count(shop) == 4
    assert frozenset({"email:a@x.com", "device_id:c1"}) in shop.partition()
    with before.engine() as engine:
        assert engine.one("SELECT count(*) FROM events") == 4
    shop.declare(UNKEYED)
    shop.run()
    assert count(shop) == 4
    assert "device_id:c1" not in {value for group in shop.partition() for value in group}


def test_a_file_that_grows_and_is_declared_otherwise_at_once_counts_once(shop):
    """The same holds where the file was never read in its present state under the old declaration."""
    shop.declare(UNKEYED)
    shop.put("a.csv", HEADER + ONE + TWO)
    shop.run()
    shop.put("a.csv", HEADER + ONE + TWO + THREE)
    shop.declare(OTHERWISE)
    shop.run()
    assert count(shop) == 3
    shop.put("a.csv", HEADER + ONE + TWO + THREE + ONE)
    shop.run()
    assert count(shop) == 4


def test_rows_that_are_gone_from_a_file_read_otherwise_still_count(shop):
    """What only an earlier version held cannot be read anew: it stays as it was read, also when a copy was left out."""
    shop.declare(UNKEYED)
    shop.put("a.csv", HEADER + ONE + ONE + TWO)
    shop.run()
    shop.put("a.csv", HEADER + ONE + THREE)
    shop.declare(OTHERWISE)
    shop.run()
    assert count(shop) == 4
    values = shop.rows(
        "SELECT kind || ':' || value FROM identifiers WHERE value IN ('c1', 'c2', 'c3') ORDER BY 1"
    )
    assert values == [("cookie_id:c1",), ("cookie_id:c2",), ("device_id:c1",), ("device_id:c3",)]


def test_a_file_that_no_longer_fits_its_old_declaration_is_read_otherwise(shop):
    """A file whose columns have new names can be read under the new declaration; what was read before stays."""
    shop.declare(UNKEYED)
    shop.put("a.csv", HEADER + ONE)
    shop.run()
    shop.put("a.csv", HEADER.replace("cookie", "visitor") + ONE + TWO)
    shop.declare(UNKEYED.replace('"cookie"', '"visitor"'))
    shop.run()
    assert count(shop) == 3


def test_the_generation_before_still_shows_what_it_was_made_of(shop):
    """Corrections and other readings of a source do not reach back into the generation before."""
    shop.put("web.csv", HEADER + ONE + TWO)
    shop.run()
    first = shop.store.generation()
    shop.declare(
        EVENTS.replace('device_id = "cookie"', 'cookie_id = "cookie"').replace(
            'note = "note"', 'remark = "note"'
        )
    )
    shop.put("web.csv", HEADER + ONE.replace("a@x", "new@x") + TWO + THREE)
    shop.run()
    for generation in (first, shop.store.generation(1)):
        with generation.engine() as engine:
            assert engine.rows("SELECT key, note FROM events ORDER BY key") == [("1", "n"), ("2", "n")]
            assert engine.one("SELECT count(*) FROM rows WHERE customer IS NOT NULL") == 2
    assert shop.keys() == ["1", "2", "3"]


def test_other_cleaning_options_need_no_file(shop):
    """A changed option of a kind cleans the values again, though the files are gone; changed back, all is as before."""
    shop.declare(UNKEYED)
    path = shop.put(
        "web.csv", HEADER + ONE.replace("a@x.com", "j.d+1@gmail.com") + TWO.replace("b@x.com", "jd@gmail.com")
    )
    shop.run()
    merged = shop.partition()
    assert frozenset({"email:jd@gmail.com", "cookie_id:c1", "cookie_id:c2"}) in merged
    path.write_text(HEADER)
    shop.declare(UNKEYED, HEAD + "[identifiers.email]\ngmail = false\nplus_tags = false\n")
    shop.run()
    assert frozenset({"email:j.d+1@gmail.com", "cookie_id:c1"}) in shop.partition()
    shop.declare(UNKEYED)
    shop.run()
    assert shop.partition() == merged
    assert not shop.run().fresh


def test_a_source_taken_out_of_the_project_counts_no_more(shop):
    """Rows of a source that is no longer declared stay in the ledger and out of the customers; declared again, they are back."""
    shop.declare(EVENTS + RECORDS)
    shop.put("web.csv", HEADER + ONE)
    shop.put("crm.csv", "id,mail,city\n7,crm@x.com,Rome\n")
    shop.run()
    both = shop.partition()
    shop.declare(RECORDS)
    shop.run()
    assert shop.partition() == {frozenset({"email:crm@x.com", "record:crm/7"})}
    assert shop.keys() == ["7"]
    shop.declare(EVENTS + RECORDS)
    shop.run()
    assert shop.partition() == both


def test_rows_read_under_a_kind_no_longer_declared_stay(shop):
    """A file that is gone keeps its first reading, kinds and all, when its source is declared otherwise."""
    shop.put("web.csv", HEADER + ONE)
    shop.declare(UNKEYED.replace("cookie_id", "till_id"))
    shop.run()
    shop.put("web.csv", HEADER + TWO)
    shop.declare(UNKEYED)
    shop.run()
    assert shop.partition() == {
        frozenset({"email:a@x.com", "till_id:c1"}),
        frozenset({"email:b@x.com", "cookie_id:c2"}),
    }
