"""One customer, or what lies around an identifier of nobody's own, as a picture: for a notebook, and as a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scvgraph.report.markup import Markup, element
from scvgraph.report.network import Drawing, draw
from scvgraph.report.page import styles

if TYPE_CHECKING:
    import networkx as nx

    from scvgraph.embedded.dossier import Customer
    from scvgraph.embedded.neighbourhood import Neighbourhood


@dataclass(frozen=True)
class Picture:
    """customer: None for an identifier that stands for no single customer. In a notebook it shows the drawing."""

    asked: str
    neighbourhood: Neighbourhood
    customer: Customer | None

    @cached_property
    def drawing(self) -> Drawing:
        held = {each.id: each for each in self.customer.identifiers} if self.customer else {}
        return draw(self.neighbourhood, self.customer.id if self.customer else None, held)

    def page(self) -> str:
        """A whole HTML document that needs no network."""
        from scvgraph.report.customer_page import customer_page, loose_page

        if self.customer is None:
            return loose_page(self.asked, self.neighbourhood, self.drawing)
        return customer_page(self.customer, self.neighbourhood, self.drawing)

    def graph(self) -> nx.Graph[str]:
        """The same as a networkx graph, without the limits of a drawing."""
        return self.neighbourhood.graph()

    def to_dict(self) -> dict[str, Any]:
        """What is in it, in numbers."""
        links = self.neighbourhood.links
        return {
            "asked": self.asked,
            "customer": self.customer.id if self.customer else None,
            "identifiers": len(self.neighbourhood.identifiers),
            "links": sum(link.followed for link in links),
            "not_followed": sum(not link.followed for link in links),
            "drawn": self.drawing.drawn,
            "left_out": self.drawing.left_out,
            "touchpoints": len(self.customer.touchpoints) if self.customer else 0,
        }

    def _repr_html_(self) -> str:
        """In a frame of its own, whose style touches nothing else of the notebook."""
        inside = element(
            "body", element("style", styles("customer.css")), self.drawing.legend, self.drawing.svg
        )
        height = 560 if self.drawing.drawn > 8 else 380
        text = str(Markup("<!doctype html>") + inside)
        return element("iframe", srcdoc=text, sandbox="", style=f"width:100%;height:{height}px;border:0")
