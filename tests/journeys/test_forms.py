"""Forms of paths."""

from __future__ import annotations

from journey_world import events, minute, texts

from scvgraph.attribution.credit import credit
from scvgraph.attribution.models import asked
from scvgraph.journeys.build import Options, journeys_in_cells, journeys_of
from scvgraph.journeys.measures import top_paths


def test_forms_are_made_of_what_is_asked_by():
    """Repeats of a campaign are merged, and the first touch of each campaign kept, whatever the channels are."""
    rows = [("Email", "a"), ("Search", "a"), ("Search", "b"), ("Email", "b"), ("Email", "a")]
    told = events(
        *[(1, minute(100 * n), ch, n == 4, 1, said) for n, (ch, said) in enumerate(rows)],
        others=("campaign",),
    )
    found = {
        form: texts(journeys_of(told, Options(path=form), ("campaign",)))
        for form in ("merged", "first", "unique", "frequency")
    }
    assert found == {
        "merged": ["a > b > a"],
        "first": ["a > b"],
        "unique": ["a > b"],
        "frequency": ["a(3) > b(2)"],
    }
    made, cells = journeys_in_cells(told, Options(path="frequency"), ("channel", "campaign"))
    assert texts(made) == ["Email / a(2) > Search / a(1) > Search / b(1) > Email / b(1)"]
    assert [cells[state] for state in made.state] == [
        ("Email", "a(2)"), ("Search", "a(1)"), ("Search", "b(1)"), ("Email", "b(1)"),
    ]  # fmt: skip


def test_unique_paths_keep_the_order_of_time():
    """Models that go by order see the first touch of each channel in time; the table of paths knows sets only."""
    paths = [["Search", "Email", "Search"], ["Email", "Search"]]
    told = events(
        *[
            (n, minute(100 * k), step, k == len(path) - 1, 1)
            for n, path in enumerate(paths)
            for k, step in enumerate(path)
        ]
    )
    made = journeys_of(told, Options(path="unique"))
    assert texts(made) == ["Search > Email", "Email > Search"]
    first = credit(made, asked("first"))
    assert dict(zip(made.states, first.credit[0, :, 0].tolist(), strict=True)) == {"Email": 1, "Search": 1}
    assert top_paths(made)[["path", "conversions"]].to_numpy().tolist() == [["Email > Search", 2]]
    assert len(top_paths(journeys_of(told, Options(path="first")))) == 2
