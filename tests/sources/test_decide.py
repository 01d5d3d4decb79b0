"""Human decisions are part of the ledger: taken in once, kept, ended by a later ruling only."""

from __future__ import annotations

import pyarrow as pa
import pytest

from scvgraph.errors import SourceError

HEAD = "decision,a,b,at,by,reason\n"
EVENTS = "id,at,amount,mail,cookie,note\n1,2026-01-01,1,a@x.com,c1,n\n2,2026-01-01,1,b@x.com,c2,n\n"
JOIN = "must_link,cookie_id:c1,cookie_id:c2,2026-02-01,ann,one person\n"
PART = "cannot_link,email:a@x.com,cookie_id:c1,2026-02-02,bob,borrowed\n"
UNDATED = JOIN.replace("2026-02-01", "")


@pytest.fixture
def rule(shop):
    """Runs the shop with a decisions file of these lines; returns how many rulings were taken in, and how many are unlisted."""
    toml = (shop.folder / "scvgraph.toml").read_text()
    (shop.folder / "scvgraph.toml").write_text(toml.replace("[project]", '[project]\ndecisions = "d.csv"'))
    shop.put("web.csv", EVENTS)

    def run(lines, **also):
        shop.put("d.csv", HEAD + lines)
        outcome = shop.run(**also)
        counts = next(report.counts for report in outcome.reports if report.stage == "decide")
        return counts["rulings"], counts["unlisted"]

    return run


def customers(shop):
    return len(shop.partition())


def test_a_ruling_is_taken_in_once(shop, rule):
    """The same lines again, in another order or beside new ones, add nothing; with nothing new the generation stays."""
    assert rule(JOIN) == (1, 0)
    assert customers(shop) == 1
    assert rule(JOIN) == (0, 0)
    assert shop.store.current() == 1
    assert rule(PART + JOIN + JOIN) == (1, 0)
    assert shop.store.current() == 2
    assert customers(shop) == 2


def test_where_a_ruling_came_from_is_kept(shop, rule):
    """Table `decisions` shows every ruling with its file, line and batch, its author and reason, in the words of the file."""
    rule(JOIN)
    rule(JOIN + PART)
    assert shop.rows(
        'SELECT file, line, decision, a, b, CAST("at" AS VARCHAR), "by", reason FROM decisions ORDER BY batch'
    ) == [
        ("d.csv", 2, "must_link", "cookie_id:c1", "cookie_id:c2", "2026-02-01 00:00:00", "ann", "one person"),
        (
            "d.csv",
            3,
            "cannot_link",
            "email:a@x.com",
            "cookie_id:c1",
            "2026-02-02 00:00:00",
            "bob",
            "borrowed",
        ),
    ]
    assert shop.rows("SELECT count(DISTINCT batch) FROM decisions") == [(2,)]


def test_a_table_in_memory_is_kept(shop, rule):
    """Rulings handed over in memory stand in later runs without them, and are not missed in any file."""
    said = pa.table({"decision": ["must_link"], "a": ["cookie_id:c1"], "b": ["cookie_id:c2"]})
    assert rule("", frames={"decisions": said}) == (1, 0)
    assert rule("", again=True) == (0, 0)
    assert customers(shop) == 1
    assert rule("", frames={"decisions": said}) == (0, 0)
    assert shop.rows("SELECT file FROM decisions") == [("<decisions table>",)]


def test_a_line_taken_out_changes_nothing_and_is_counted(shop, rule):
    """A ruling stands though its line or the whole setting is gone; the run says how many do."""
    rule(JOIN)
    assert rule("") == (0, 1)
    assert customers(shop) == 1
    (shop.folder / "scvgraph.toml").write_text(
        (shop.folder / "scvgraph.toml").read_text().replace('decisions = "d.csv"\n', "")
    )
    shop.run(again=True)
    assert customers(shop) == 1


def test_a_withdrawal_ends_the_ruling_on_its_pair(shop, rule):
    """After a later `withdrawn`, in whichever direction it names the pair, the evidence decides; a still later ruling counts again."""
    rule(JOIN)
    ended = JOIN + "withdrawn,cookie_id:c2,cookie_id:c1,2026-03-01,ann,was wrong\n"
    assert rule(ended) == (1, 0)
    assert customers(shop) == 2
    assert shop.rows("SELECT count(*) FROM links WHERE rule = 'must_link'") == [(0,)]
    assert rule(ended + JOIN.replace("2026-02", "2026-04")) == (1, 0)
    assert customers(shop) == 1


def test_a_withdrawal_needs_a_time(shop, rule):
    """A withdrawal without a time could end nothing, and is refused with the cure."""
    with pytest.raises(SourceError, match=r"d\.csv, line 2, at: a withdrawal needs a time"):
        rule("withdrawn,cookie_id:c1,cookie_id:c2,,ann,\n")


def test_without_times_the_last_to_come_stands(shop, rule):
    """Of rulings without a time the one that came last stands; taken out of its file it gives way to the one before."""
    other = UNDATED.replace("must", "cannot")
    rule(UNDATED)
    rule(UNDATED + other)
    assert customers(shop) == 2
    assert rule(other + UNDATED) == (0, 0)
    assert rule(UNDATED) == (1, 0)
    assert customers(shop) == 1
    assert rule(UNDATED) == (0, 0)
    said = {"decision": ["cannot_link"], "a": ["cookie_id:c1"], "b": ["cookie_id:c2"], "by": ["bob"]}
    rule(UNDATED, frames={"decisions": pa.table(said)})
    assert customers(shop) == 2
    rule(UNDATED, again=True)
    assert customers(shop) == 2


def test_an_edited_line_stands_for_its_former_self(shop, rule):
    """A line changed without a new time is a further ruling of that time, and the last to come stands; changed back, too."""
    rule(JOIN)
    assert rule(JOIN.replace("must", "cannot")) == (1, 0)
    assert customers(shop) == 2
    assert rule(JOIN) == (1, 0)
    assert customers(shop) == 1
    assert rule(JOIN) == (0, 0)


def test_a_ruling_with_a_time_stands_before_one_without(shop, rule):
    """A ruling that says when it was made is later than one that does not."""
    rule(JOIN)
    rule(JOIN + UNDATED.replace("must", "cannot"))
    assert customers(shop) == 1


def test_a_faulty_line_takes_nothing_in(shop, rule):
    """One line that cannot be understood keeps the whole file out of the ledger, until it is corrected."""
    with pytest.raises(SourceError, match="line 3, b: write kind:value"):
        rule(JOIN + "must_link,cookie_id:c1,c2,,,\n")
    assert rule(JOIN) == (1, 0)


def test_the_generation_before_shows_its_own_rulings(shop, rule):
    """A ruling does not reach back into the generation before it."""
    rule(JOIN)
    rule(JOIN + PART)
    with shop.store.generation(1).engine() as engine:
        assert engine.one("SELECT count(*) FROM decisions") == 1


def test_a_ruling_outlives_other_cleaning(shop, rule):
    """Identifiers are kept as written: when other rules make two of them one, the ruling on them rests, and is back later."""
    rule("must_link,email:A@x.com,email:b@x.com,2026-02-01,ann,\n")
    assert customers(shop) == 1
    toml = shop.folder / "scvgraph.toml"
    plain = toml.read_text()
    toml.write_text(plain + '[identifiers.email]\nplaceholders = ["b@x.com"]\n')
    shop.run()
    assert customers(shop) == 2
    toml.write_text(plain)
    shop.run()
    assert customers(shop) == 1


def test_a_file_that_is_gone_stops_no_run(shop, rule):
    """Rulings stand though their file is not mounted, and the run says so; a file never read is a mistake."""
    rule(JOIN)
    (shop.folder / "d.csv").unlink()
    outcome = shop.run(again=True)
    counts = next(report.counts for report in outcome.reports if report.stage == "decide")
    assert counts == {"rulings": 0, "unlisted": 1, "missing": 1}
    assert customers(shop) == 1
    toml = shop.folder / "scvgraph.toml"
    toml.write_text(toml.read_text().replace("d.csv", "e.csv"))
    with pytest.raises(SourceError, match=r"no file e\.csv"):
        shop.run()
