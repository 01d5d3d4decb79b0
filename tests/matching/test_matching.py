"""Matching from end to end: who comes together, under which constraints, and that numbering has no say."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from crowd import FIRST, groups, household, traits_of

from scvgraph.matching import (
    Constraints,
    Policy,
    explain,
    match,
    model_of,
    role_of,
    tables_of,
    trait_of_column,
)

SMALL = Policy(random=20_000)


@pytest.fixture(scope="module")
def crowd():
    return traits_of(household())


@pytest.fixture(scope="module")
def found(crowd):
    return match(crowd, np.arange(crowd[0].size), policy=SMALL)


def test_entity_numbers_have_no_influence(crowd, found):
    """Three hundred shuffles of an awkward set give the same groups, scores and model."""
    size = crowd[0].size
    expected = groups(found.label, np.arange(size))
    scored = set(zip(found.a.tolist(), found.b.tolist(), found.score.tolist(), strict=True))
    rng = np.random.default_rng(1)
    for _ in range(300):
        order = rng.permutation(size)
        again = match([trait.take(order) for trait in crowd], order, policy=SMALL)
        assert groups(again.label, order) == expected
        a, b = order[again.a], order[again.b]
        assert set(zip(a.tolist(), b.tolist(), again.score.tolist(), strict=True)) == scored
        assert (again.model.m == found.model.m).all()
        assert again.model.prior == found.model.prior


def test_label_is_the_least_member_in_canonical_order(crowd):
    """A group is named by its member of lowest rank, whatever that one's number."""
    order = np.arange(crowd[0].size)[::-1].copy()
    again = match(crowd, order, policy=SMALL)
    for members in groups(again.label, np.arange(order.size)):
        assert len({again.label[member] for member in members}) == 1
        assert again.label[next(iter(members))] == max(members)


def test_people_come_together_and_twins_do_not():
    """Records of one person meet across nicknames, typos and missing values; twins and spouses stay apart."""
    rng = np.random.default_rng(2)
    rows, truth = [], []
    for home in range(400):
        last = (
            "".join(
                "bdfgklmnpr"[digit] + "aeiou"[digit % 5]
                for digit in (home // 100, home // 10 % 10, home % 10)
            )
            + "sson"
        )
        names = [
            f"{onset}{FIRST[(home + step) % 10].lower()}"
            for step, onset in enumerate(("Mar", "Bel", "Tor", "Kin"))
        ]
        names = names[: 4 if home % 60 == 0 else 2]
        if home % 5 == 0:
            names[:2] = ["William", "Elizabeth"]
        for seat, first in enumerate(names):
            day = int(rng.integers(0, 20_000))
            born = str(np.datetime64("1940-01-01") + day) if seat < 2 else f"{1990 + home % 30}-03-09"
            row = {
                "first_name": first,
                "last_name": last,
                "birth_date": born,
                "street": f"{home + 1} Oak Road",
            }
            nickname = {"William": "Bill", "Elizabeth": "Liz"}.get(first, first)
            other = dict(row, first_name=nickname)
            if home % 2:
                other["last_name"] = last.replace("ss", "s")
            if rng.random() < 0.3:
                other["street"] = None
            rows += [row, other]
            truth += [home * 4 + seat] * 2
    label = match(traits_of(rows), np.arange(len(rows)), policy=SMALL).label
    assert groups(label, np.arange(len(rows))) == groups(np.array(truth), np.arange(len(rows)))


def test_no_order_with_ties(crowd):
    """Two entities of equal rank are refused, for then numbers would decide."""
    with pytest.raises(ValueError, match="ties"):
        match(crowd, np.zeros(crowd[0].size, np.int64), policy=SMALL)


def test_limits_and_cannot_pairs_hold(crowd, found):
    """No group holds more limited identifiers than the limit, nor both ends of a cannot pair, though they match."""
    size = crowd[0].size
    together = [sorted(members) for members in groups(found.label, np.arange(size)) if len(members) > 1]
    assert together
    cannot = np.array([members[:2] for members in together[:3]], np.int32)
    held = np.zeros((size, 1), np.int32)
    for members in together[3:6]:
        held[members] = 1
    again = match(crowd, np.arange(size), Constraints(held, np.array([1], np.int32), cannot), SMALL)
    assert (again.label[cannot[:, 0]] != again.label[cannot[:, 1]]).all()
    assert np.bincount(again.label, weights=held[:, 0]).max() <= 1


def test_a_given_model_is_used_as_it_is(crowd, found):
    """A model read back from its tables gives the same scores and groups as the run that learnt it."""
    stored = model_of(*tables_of(found.model))
    again = match(crowd, np.arange(crowd[0].size), policy=SMALL, model=stored)
    assert again.score.tolist() == found.score.tolist()
    assert again.label.tolist() == found.label.tolist()


def test_a_given_model_scores_other_entities_alike(crowd, found):
    """Under a given model a pair's score does not depend on who else is there; unknown traits have no weight."""
    few = np.arange(12)
    part = [trait.take(few) for trait in crowd]
    part.append(trait_of_column("shoe_size", "category", pa.array(["44"] * 12)))
    again = match(part, few, policy=SMALL, model=found.model)
    before = {
        (a, b): s for a, b, s in zip(found.a.tolist(), found.b.tolist(), found.score.tolist(), strict=True)
    }
    assert again.a.size
    for a, b, score in zip(again.a.tolist(), again.b.tolist(), again.score.tolist(), strict=True):
        assert before.get((a, b), score) == score


def test_explanation_adds_up(found):
    """The prior and what every column counts make the pair's score."""
    for pair in range(0, found.a.size, 7):
        told = explain(found, int(found.a[pair]), int(found.b[pair]))
        assert told.score == pytest.approx(found.score[pair] / 1000)
        assert told.prior + sum(reason.bits for reason in told.reasons) == pytest.approx(told.score)


def test_explanation_shows_the_values_that_agreed_best():
    """Of several values of a trait the best pair is shown, as folded, on the side of the entity that holds it."""
    rows = [
        *household(),
        {"first_name": "Ann", "email": ["ann@one.example", "ann@two.example"], "phone": "0123456789"},
        {"first_name": "Anna", "email": ["other@x.example", "Ann@Two.example"]},
    ]
    found = match(traits_of(rows), np.arange(len(rows)), policy=SMALL)
    told = {reason.trait: reason for reason in explain(found, len(rows) - 1, len(rows) - 2).reasons}
    assert (told["email"].left, told["email"].right, told["email"].level) == (
        "ann@two.example",
        "ann@two.example",
        "same",
    )
    assert (told["given name"].left, told["given name"].right, told["given name"].level) == (
        "anna",
        "ann",
        "nickname",
    )
    assert (told["phone"].left, told["phone"].right, told["phone"].level) == (None, "0123456789", "unknown")


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_hardly_anybody(size):
    """Nobody, one, or a few with nothing in common: everyone is alone."""
    rows = [
        {"first_name": first, "birth_date": born}
        for first, born in (("Ada", "1815-12-10"), ("Bo", None), ("Cy", ""))
    ]
    traits = [trait.take(np.arange(size)) for trait in traits_of(rows)]
    assert match(traits, np.arange(size)).label.tolist() == list(range(size))


def test_traits_that_say_nothing():
    """Traits that are constant or empty have next to no weight."""
    rows = household()
    for row in rows:
        row |= {"city": "Anytown", "zipcode": "00000", "occupation": None}
    model = match(traits_of(rows), np.arange(len(rows)), policy=SMALL).model
    at = [
        place
        for place, column in enumerate(model.columns)
        if column.name in {"city", "zipcode", "occupation"}
    ]
    for place in at:
        assert abs(model.weights[place, model.columns[place].scale.reached[-1]]) < 50 or not len(
            model.frequencies[model.columns[place].name].values
        )


def test_the_cap_is_reported():
    """Blocks above the cap are counted with their entities and pairs."""
    rows = [{"birth_date": "1990-05-05", "first_name": f"Name{number}"} for number in range(12)]
    found = match(traits_of(rows), np.arange(12), policy=Policy(cap=5))
    dropped = {block.rule: block for block in found.blocks}["date"]
    assert (dropped.dropped_blocks, dropped.dropped_entities, dropped.dropped_pairs) == (1, 12, 66)


@pytest.mark.parametrize(("name", "f1"), [("fake_1000", 0.93), ("febrl3", 0.999)])
def test_labelled_sets(shared_data, name, f1):
    """Pairwise F1 on labelled sets stays at or above what was promised of them."""
    table, truth, traits, order = labelled(shared_data, name)
    label = match(traits, order).label
    assert pair_f1(label, truth) >= f1
    assert table.num_rows == label.size


def test_historical_people_in_another_order(shared_data):
    """Fifty thousand noisy records reach their mark, and shuffled they give the very same groups."""
    _, truth, traits, order = labelled(shared_data, "historical_50k")
    label = match(traits, order).label
    assert pair_f1(label, truth) >= 0.94
    shuffle = np.random.default_rng(3).permutation(order.size)
    again = match([trait.take(shuffle) for trait in traits], order[shuffle]).label
    assert (shuffle[again] == label[shuffle]).all()


def labelled(folder, name):
    """A labelled set: its table, the person of each row, its traits, the rows' canonical order."""
    table = pq.read_table(folder / "linkage" / f"{name}.parquet")
    key = (
        pq.read_table(folder / "linkage" / f"{name}.truth.parquet")
        .to_pandas()
        .set_index("record_id")["entity"]
    )
    truth = np.unique(key.loc[table["record_id"].to_pylist()].to_numpy(), return_inverse=True)[1]
    traits = [
        trait_of_column(column, role_of(column), table[column])
        for column in table.column_names
        if column not in {"record_id", "source", "event_date"}
    ]
    order = np.argsort(np.argsort(table["record_id"].to_pandas().to_numpy(dtype=str)))
    return table, truth, traits, order


def pair_f1(label, truth):
    """Pairwise F1 of two labellings."""

    def pairs(*columns):
        _, count = np.unique(np.stack(columns), axis=1, return_counts=True)
        return int((count * (count - 1) // 2).sum())

    return 2 * pairs(label, truth) / (pairs(label) + pairs(truth))
