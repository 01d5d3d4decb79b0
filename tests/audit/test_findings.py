"""What the audit finds, one habit of bad data a test."""

from __future__ import annotations

from datetime import timedelta

import pytest
from small_ledger import NOW, Small

from scvgraph.audit import Declared, audit, of_source
from scvgraph.audit.audit import RULES
from scvgraph.audit.finding import SEVERITIES, order
from scvgraph.errors import UnknownName

EMAIL, PHONE, CARD = ("email", "email"), ("phone", "phone"), ("card", "loyalty_id")


@pytest.fixture
def small():
    made = Small()
    yield made
    made.engine.close()


def found(small, rule, declared=()):
    """The findings of one rule."""
    return [finding for finding in audit(small.named(), declared, NOW).findings if finding.rule == rule]


def test_one_placeholder_is_named_with_its_share(small):
    """12% of phones being one placeholder is a warning, and the placeholder may be shown."""
    small.status["phone", "tel:0000000000"] = "placeholder"
    for n in range(200):
        small.see("calls", {PHONE: "tel:0000000000" if n < 24 else f"+44{n}"})
    (finding,) = found(small, "placeholders")
    assert finding.finding == "phone in calls: 12% of the values are one placeholder ('tel:0000000000')"
    assert (finding.severity, finding.source, finding.column, finding.rows) == (
        "warning",
        "calls",
        "phone",
        24,
    )


def test_rare_and_empty_columns(small):
    """3% filled is a note; a declared column without any value is bad and names the setting."""
    for n in range(100):
        small.see("pos", {EMAIL: f"{n}@x.com"} if n < 3 else {CARD: f"L{n}"})
    declared = [Declared("pos", "events", "device", "device_id", "device_id")]
    assert [f.finding for f in found(small, "rarely_filled")] == ["email of pos is filled in 3% of the rows"]
    (never,) = found(small, "never_filled", declared)
    assert (never.severity, "sources.pos.identifiers.device_id" in never.do) == ("bad", True)


def test_refused_values_come_with_reason_and_cure(small):
    """Refusals count by reason; words for 'nothing' are no refusals."""
    for n in range(80):
        small.see("crm", {PHONE: f"+44{n}"}, shape="records")
    small.refuse("crm", "phone", "phone_local", "123456", 20)
    small.refuse("crm", "phone", "null_word", "null", 500)
    (finding,) = found(small, "refused")
    assert finding.finding.startswith("20% of the values of phone in crm are refused (phone_local 100%)")
    assert "identifiers.phone.region" in finding.do


def test_swapped_columns(small):
    """Phones under e-mail and e-mails under phone are one mistake, named as such."""
    small.see("crm", {CARD: "L1"}, shape="records")
    for n in range(10):
        small.refuse("crm", "email", "email_no_at", f"0740000000{n}")
        small.refuse("crm", "phone", "phone_invalid", f"p{n}@x.com")
    declared = [Declared("crm", "records", c, c, c) for c in ("email", "phone")]
    findings = found(small, "mistaken", declared)
    assert {f.finding for f in findings} == {
        "email and phone of crm look swapped",
        "phone and email of crm look swapped",
    }
    assert 'sources.crm.identifiers.phone = "email"' in " ".join(f.do for f in findings)


def test_addresses_under_an_id_kind(small):
    """An id column that holds e-mail addresses is found by content."""
    for n in range(10):
        small.see("app", {("user", "user_id"): f"jane{n}@x.com"})
    (finding,) = found(small, "addresses")
    assert 'sources.app.identifiers.email = "user"' in finding.do


def test_hubs_count_shared_identifiers(small):
    """Shared identifiers of a column are counted, with their share of its values."""
    for n in range(3):
        small.status["cookie_id", f"kiosk{n}"] = "shared"
    for n in range(90):
        small.see("web", {("cookie", "cookie_id"): f"kiosk{n % 3}" if n < 30 else f"c{n}"})
    (finding,) = found(small, "hubs")
    assert finding.finding == "cookie_id: 3 identifiers are shared in cookie of web (33% of the values)"


def test_unmarked_mass_value_is_not_shown(small):
    """A value that may be everybody's and is not marked is reported without the value."""
    for n in range(300):
        small.see("crm", {EMAIL: "boss@x.com" if n < 60 else f"{n}@x.com"}, shape="records")
    result = audit(small.named(), (), NOW)
    assert [f.rule for f in result.findings if f.rule == "one_for_all"] == ["one_for_all"]
    assert "boss" not in str(result.as_dict())


def test_no_path_but_chains_count(small):
    """CRM and web have no common identifier but meet over the app; the kiosk source is an island."""
    cookie = ("cookie", "cookie_id")
    small.see("crm", {EMAIL: "a@x.com"}, shape="records")
    small.see("app", {EMAIL: "a@x.com", cookie: "c1"})
    small.see("web", {cookie: "c1"})
    small.see("kiosk", {CARD: "L1"}, customer="c2")
    small.see("kiosk2", {("ip", "ip"): "1.2.3.4"}, customer="c2")
    small.see("web", {("ip", "ip"): "1.2.3.4"})
    pairs = {(f.source, f.other) for f in found(small, "no_path")}
    assert pairs == {("app", "kiosk"), ("app", "kiosk2"), ("crm", "kiosk"), ("crm", "kiosk2"), ("kiosk", "kiosk2"), ("kiosk", "web"), ("kiosk2", "web")}  # fmt: skip


def test_overlap_counts_both_ways(small):
    """Identifiers and customers in common, out of how many on each side."""
    for n in range(4):
        small.see("crm", {EMAIL: f"{n}@x.com"}, shape="records", customer=f"c{n}")
    for n in range(3, 5):
        small.see("web", {EMAIL: f"{n}@x.com"}, customer=f"c{n}")
    (pair,) = audit(small.named(), (), NOW).pairs
    assert (pair.a, pair.b, pair.identifiers, pair.of_a, pair.of_b) == (
        "crm",
        "web",
        {"email": 1},
        {"email": 4},
        {"email": 2},
    )
    assert (pair.customers, pair.customers_a, pair.customers_b) == (1, 4, 2)


def test_same_kind_nothing_in_common(small):
    """Two sources with 20 and more cards each and none in common: notation is suspected."""
    for n in range(20):
        small.see("pos", {CARD: f"LY{n}"})
        small.see("app", {CARD: f"{n}"})
    (finding,) = found(small, "no_overlap")
    assert "identifiers.loyalty_id.strip" in finding.do


def test_one_id_under_two_kinds(small):
    """User ids that are card numbers elsewhere are one id under two names."""
    for n in range(25):
        small.see("pos", {CARD: f"LY{n}"})
        small.see("app", {("user", "user_id"): f"LY{n}"})
    (finding,) = found(small, "two_kinds")
    assert finding.severity == "bad"
    assert "100% of the values of loyalty_id (pos.card) also stand under user_id" in finding.finding


def test_times(small):
    """Future, ancient and missing times are counted; a source that stopped is compared with the others."""
    for day in range(100):
        small.see("web", at=NOW - timedelta(days=day))
        small.see("crm", at=NOW - timedelta(days=300 + day), shape="records")
        small.see("bad", at=NOW + timedelta(days=40) if day % 2 else None)
    small.see("web", at=NOW - timedelta(days=20_000))
    by_rule = {f.rule: f for f in audit(small.named(), (), NOW).findings}
    assert by_rule["future"].finding == "50 rows of bad (50%) lie in the future, up to 2026-08-10"
    assert by_rule["undated"].finding == "50% of the rows of bad have no time"
    assert by_rule["ancient"].source == "web"
    assert by_rule["stale"].finding.startswith("crm has not changed for 300 days")


def test_gap_of_an_event_source(small):
    """A month without rows in a daily feed is reported with its days; a weekly rhythm is not."""
    for day in (*range(50), *range(80, 100)):
        small.see("web", at=NOW - timedelta(days=day))
    for week in range(40):
        small.see("weekly", at=NOW - timedelta(days=week * 7))
    (finding,) = found(small, "gap")
    assert (finding.source, "(31 days)" in finding.finding) == ("web", True)


def test_refused_rows_and_empty_source(small):
    """A tenth of the rows refused is bad; a declared source without rows too."""
    small.see("web")
    small.tables["files"] = [
        {"source": "web", "file": "w", "rows_read": 100, "rows_refused": 10, "current": True}
    ]
    declared = [Declared("crm", "records", "email", "email", "email")]
    result = audit(small.named(), declared, NOW)
    assert {f.rule: f.severity for f in result.findings if f.rule in ("refused_rows", "empty")} == {"refused_rows": "bad", "empty": "bad"}  # fmt: skip


def test_rows_without_customer(small):
    """A fifth of the rows without a customer is reported by reason."""
    for n in range(10):
        small.see("pos", customer=None if n < 4 else "c", basis="none" if n < 3 else "shared")
    (finding,) = found(small, "without_customer")
    assert finding.finding == "40% of the rows of pos belong to no customer (none 30%, shared 10%)"


def test_exchanged_traits(small):
    """First and last names the other way round than in the other sources are noticed; equal ones are not."""
    for source, swap in (("crm", False), ("app", False), ("calls", True)):
        for n in range(30):
            first, last = f"first{n}", f"last{n}"
            small.see(
                source, shape="records", first_name=last if swap else first, last_name=first if swap else last
            )
    findings = found(small, "exchanged_traits")
    assert [(f.source, f.column) for f in findings] == [("calls", "first_name")]


def test_default_dates_are_shown_and_others_are_not(small):
    """1900-01-01 is nobody's birthday and may be shown; a frequent real value may not."""
    for n in range(1000):
        small.see(
            "crm",
            shape="records",
            birth_date="1900-01-01" if n < 100 else f"19{n:03}",
            city="Ely" if n < 100 else f"t{n}",
        )
    texts = {f.column: f.finding for f in found(small, "constant_traits")}
    assert texts["birth_date"] == "birth_date in crm: 10% of the values are '1900-01-01'"
    assert "Ely" not in texts["city"]


def test_frequent_names_are_no_defaults(small):
    """That many people are called Smith, and nearly as many Jones, is life."""
    for n in range(1000):
        small.see("crm", shape="records", last_name="Smith" if n < 80 else "Jones" if n < 140 else f"n{n}")
    assert found(small, "constant_traits") == []


def test_worst_first_and_every_rule_says_when_it_speaks(small):
    """Findings come by severity, then by rows; each rule has a docstring."""
    small.status["phone", "p"] = "placeholder"
    for n in range(200):
        small.see("a", {PHONE: "p" if n < 10 else f"+44{n}"}, at=NOW + timedelta(days=9))
        small.see("b", {CARD: f"{n}"}, customer=None, basis="none")
    findings = audit(small.named(), (), NOW).findings
    assert list(findings) == sorted(findings, key=order)
    assert {f.severity for f in findings} <= set(SEVERITIES)
    assert findings[0].severity == "bad"
    assert all(rule.__doc__ for rule in RULES)


def test_healthy_sources_have_no_findings(small):
    """Two sources that share people and are up to date are left in peace."""
    for n in range(120):
        at = NOW - timedelta(hours=n)
        small.see("crm", {EMAIL: f"{n}@x.com"}, at=at, shape="records", customer=f"c{n}")
        small.see("web", {EMAIL: f"{n}@x.com"}, at=at, customer=f"c{n}")
    assert audit(small.named(), (), NOW).findings == ()


def test_one_source_only(small):
    """`of_source` keeps a source's findings and pairs; an unknown name is a usage error with the known ones."""
    small.see("a", {CARD: "1"})
    small.see("b", {CARD: "2"}, customer="c2")
    small.see("c", {CARD: "3"}, customer="c3")
    whole = audit(small.named(), (), NOW)
    part = of_source(whole, "b")
    assert [s.name for s in part.sources] == ["b"]
    assert {(p.a, p.b) for p in part.pairs} == {("a", "b"), ("b", "c")}
    with pytest.raises(UnknownName, match="no source 'z' in this store; its sources: a, b, c"):
        of_source(whole, "z")


def test_empty_store(small):
    """A store without rows is audited without fault."""
    assert audit(small.named(), (), NOW).as_dict()["sources"] == ()


def test_what_the_cap_dropped(small):
    """More pairs dropped than found is a note that names the worst rule and the key to raise; fewer is none."""
    block = {"traits": "birth_date", "dropped_blocks": 2, "dropped_entities": 400}
    small.tables["blocks"] = [
        {"rule": "date", "pairs": 10, "dropped_pairs": 39_800} | block,
        {"rule": "email", "traits": "email", "pairs": 7, "dropped_blocks": 0, "dropped_entities": 0, "dropped_pairs": 0},
    ]  # fmt: skip
    found = audit(small.named(), (), NOW)
    (finding,) = [each for each in found.findings if each.rule == "dropped_pairs"]
    assert (finding.severity, finding.rows) == ("note", 400)
    assert finding.finding.startswith("39,800 pairs of people were not looked at, 17 were: 1 of 2 rules")
    assert "'date' (2 keys)" in finding.finding
    assert "resolve.cap" in finding.do
    assert [each.rule for each in found.blocks] == ["date", "email"]
    small.tables["blocks"][0]["pairs"] = 100_000
    assert "dropped_pairs" not in {each.rule for each in audit(small.named(), (), NOW).findings}


def test_a_fixed_model_and_the_data_differ(small):
    """Traits that only one of them has are named, with what follows."""
    small.tables["comparisons"] = [
        {"trait": "shoe_size", "role": "off", "origin": "not in the model", "written": None},
        {"trait": "birth_date", "role": "date", "origin": "not in the data", "written": "days first"},
        {"trait": "first_name", "role": "first_name", "origin": "model", "written": None},
    ]
    found = [each for each in audit(small.named(), (), NOW).findings if each.rule == "not_in_model"]
    assert {each.finding for each in found} == {
        "the fixed model does not know shoe_size",
        "no row holds, and the fixed model knows, birth_date",
    }
