"""Calibration as a page: the reliability diagram and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.report.charts import HEIGHT, LEFT, WIDTH, Plane, Scale, axes
from scvgraph.report.markup import Markup, element, table
from scvgraph.report.page import card, page, section

if TYPE_CHECKING:
    from scvgraph.evaluate import Calibration
    from scvgraph.evaluate.calibration import Bin

_HEAD = ("confidence", "predicted", "observed", "95% interval", "memberships", "customers")
_PLANE = Plane(Scale(0.0, 1.0))


def reliability_page(found: Calibration, title: str) -> str:
    """The whole page. title: any text; it is escaped."""
    return page(
        title,
        "Whether confidence is the probability it says",
        section(
            "How to read it",
            "Confidence is the probability that a row showing an identifier and another row of its customer are one"
            " person's. On the diagonal it is what it says; below it, customers are less sure than they claim.",
            card("Reliability", f"{found.memberships:,} memberships", diagram(found.bins)),
        ),
        section(
            "In figures",
            f"{found.memberships:,} memberships tested, {found.untested:,} without labelled rows on both sides."
            f" Mean confidence {found.predicted:.4f}, observed {found.observed:.4f}."
            f" Brier score {found.brier:.4f} ({found.constant:.4f} if the overall share were said of all),"
            f" expected calibration error {found.error:.4f}.",
            card(None, None, table(_HEAD, [_row(each) for each in found.bins], (1, 2, 3, 4, 5))),
        ),
    )


def _row(each: Bin) -> tuple[str, ...]:
    low, high = each.interval
    return (
        f"{each.low:g} to {each.high:g}",
        f"{each.predicted:.4f}",
        f"{each.observed:.4f}",
        f"{low:.4f} to {high:.4f}",
        f"{each.count:,}",
        f"{each.customers:,}",
    )


def diagram(bins: tuple[Bin, ...]) -> Markup:
    """Observed over predicted, a point for each bin with its interval; a point's area grows with its memberships."""
    most = max((each.count for each in bins), default=1)
    (left, foot), (right, top) = _PLANE.at(0, 0), _PLANE.at(1, 1)
    return element(
        "svg",
        *axes(_PLANE, [(n / 5, f"{n / 5:g}") for n in range(6)]),
        element("line", x1=left, y1=foot, x2=right, y2=top, class_="guide"),
        *(_mark(each, most) for each in bins),
        element("text", "confidence", x=(LEFT + WIDTH) / 2, y=HEIGHT - 4, text_anchor="middle"),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label="Reliability diagram: share that is one person by confidence",
    )


def _mark(each: Bin, most: int) -> Markup:
    x, y = _PLANE.at(each.predicted, each.observed)
    low, high = (_PLANE.at(each.predicted, end)[1] for end in each.interval)
    said = f"{each.count:,} memberships: said {each.predicted:.4f}, observed {each.observed:.4f}"
    return element(
        "g",
        element("title", said),
        element("line", x1=x, y1=low, x2=x, y2=high, class_="span"),
        element("circle", cx=x, cy=y, r=round(3 + 7 * (each.count / most) ** 0.5, 1), class_="point"),
    )
