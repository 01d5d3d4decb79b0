"""Elements are safe by default."""

from __future__ import annotations

from scvgraph.report.markup import Markup, element, joined, table

EVIL = "<script>alert('x')</script>"


def test_text_and_attributes_are_escaped() -> None:
    """What is not markup already cannot become an element or leave its attribute."""
    made = element("p", EVIL, element("b", 'a "quoted" & plain'), title=f'"{EVIL}')
    assert "<script" not in made
    assert made.startswith('<p title="&quot;&lt;script&gt;')
    assert '<b>a "quoted" &amp; plain</b>' in made


def test_nothing_is_left_out() -> None:
    """None makes no text and no attribute; void elements have no end, those of SVG do."""
    assert element("td", None, class_=None) == "<td></td>"
    assert joined(element("br"), element("line", x1=0)) == '<br><line x1="0"></line>'
    assert isinstance(joined("a"), Markup)


def test_a_table_escapes_its_cells() -> None:
    """Cells are text unless they are markup; columns of numbers are marked."""
    made = table(("what", "n"), [(EVIL, 3)], (1,))
    assert "<script" not in made
    assert '<td class="number">3</td>' in made
