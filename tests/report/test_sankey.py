"""Flows are as thick as what flows."""

from __future__ import annotations

import re

import pytest

from scvgraph.journeys.journeys import from_paths
from scvgraph.journeys.lines import CONVERSION, NULL
from scvgraph.journeys.transitions import steps
from scvgraph.report.sankey import Link, sankey


def links(paths, made, nulls=None, count=2):
    frame = steps(from_paths(paths, made, nulls), count)[["step", "source", "target", "journeys"]]
    return [Link(*row) for row in frame.itertuples(index=False, name=None)]


def test_flows_keep_their_size():
    """The flows out of a node are together as thick as it is tall, and nothing sticks out of the drawing."""
    drawn = sankey(links([["a", "b"], ["a", "c"]], [30, 10], [0, 20]), {"a": "k3"}, (CONVERSION, NULL))
    thick = [float(t) for t in re.findall(r'stroke-width="([\d.]+)"', drawn)]
    tall = [float(t) for t in re.findall(r'<rect [^>]*height="([\d.]+)"', drawn)]
    assert thick[0] + thick[1] == pytest.approx(tall[0], abs=0.2)
    boxes = [
        tuple(map(float, box))
        for box in re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="(\d+)" height="([\d.]+)"', drawn)
    ]
    assert all(x >= 0 and x + w <= 960 and y >= 0 and y + h <= 428 for x, y, w, h in boxes)
    assert 'class="k3"' in drawn


def test_ends_stand_below():
    """Names that are told to be last stand below the others of their column."""
    flows = [Link(1, "z", name, 1.0) for name in (NULL, CONVERSION, "(x)", "zz")]
    drawn = sankey(flows, {}, (CONVERSION, NULL))
    tops = {name: float(y) for y, name in re.findall(r'<text x="[\d.]+" y="([\d.]+)">([^<]+)', drawn)}
    assert tops["(x)"] < tops["zz"] < tops[CONVERSION] < tops[NULL]


def test_without_flows_there_is_no_drawing():
    """No journeys, no diagram; names are escaped where there is one."""
    assert sankey(links([], []), {}) is None
    drawn = sankey([Link(1, "<b>", '"&', 2.0)], {})
    assert "<b>" not in drawn
    assert "&lt;b&gt;" in drawn
