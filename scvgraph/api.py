"""The Python face: open a store, look up, explain, query.

>>> import scvgraph                                         # doctest: +SKIP
>>> with scvgraph.open("shop") as view:                     # doctest: +SKIP
...     view.lookup("jane@x.com").customers[0].traits
...     view.explain("jane@x.com", "loyalty_id:L-77").verdict
...     view.query("channel_map")

`open` takes a project's folder or file, or a store. Results are small frozen values with `to_dict()`, the shape
that `--json` prints; tables and queries are DataFrames; `customer(...).graph()` and `neighbourhood(...).graph()` are
networkx graphs.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scvgraph.errors import QueryError, StoreMissing, UsageError
from scvgraph.store import Generation, Store

if TYPE_CHECKING:
    import pandas as pd

    from scvgraph.attribution.attribute import Attribution
    from scvgraph.config.project import ChannelPolicy
    from scvgraph.embedded.answers import Lookup, Relation
    from scvgraph.embedded.asked import Meant
    from scvgraph.embedded.dossier import Customer
    from scvgraph.embedded.explanation import Explanation, SourceRow
    from scvgraph.embedded.finder import Finder
    from scvgraph.embedded.graph import Graph, Result
    from scvgraph.embedded.neighbourhood import Neighbourhood
    from scvgraph.embedded.values import ValueIndex
    from scvgraph.engine import Engine
    from scvgraph.evaluate import Evaluation, PairScore
    from scvgraph.report.model import ShownModel
    from scvgraph.report.picture import Picture
    from scvgraph.review import Answers, Case
    from scvgraph.status import Status


SHOWN = 5000  # identifiers that a picture looks at; it draws fewer


class View:
    """One finished generation of a store, opened for reading; later runs do not change what it shows.

    Graph and tables are opened when they are first needed. Close it, or use it in a `with`.
    quick: for a look-up or two; opens sooner, with little memory for large queries.
    """

    def __init__(
        self,
        store: Store,
        *,
        queries: Path | None = None,
        generation: int | None = None,
        quick: bool = False,
        channels: ChannelPolicy | None = None,
        timezone: str = "UTC",
    ) -> None:
        self.store = store
        self.generation: Generation = store.generation(generation)
        self._queries = queries
        self._quick = quick
        self._channels = channels
        self._timezone = timezone

    def lookup(self, value: str, kind: str | None = None) -> Lookup:
        """The customers behind a value (of a kind, `kind:value`, or of any kind) or a customer id, also an old one."""
        from scvgraph.embedded.lookup import look_up

        return look_up(self._finder, self.generation.number, value, kind)

    def explain(self, a: str, b: str) -> Explanation:
        """Why two identifiers are one customer's, or why they are not. Raises ScvgraphError if one is unknown."""
        from scvgraph.embedded.explain import Evidence, explain

        evidence = Evidence(self._source_rows, self._reasons, self._related)
        return explain(self._finder, self.generation.number, a, b, evidence)

    def customer(self, customer_id: str, last: int | None = 20) -> Customer:
        """Everything of one customer. last: how many touchpoints, None for all. Raises ScvgraphError if unknown."""
        from scvgraph.embedded.answers import as_id
        from scvgraph.embedded.dossier import dossier

        return dossier(self._engine, self.generation.number, as_id(customer_id.strip()), last, self._declared)

    def neighbourhood(
        self, value: str, kind: str | None = None, *, hops: int = 1, limit: int = 2000
    ) -> Neighbourhood:
        """What lies around an identifier, or around all identifiers of a customer id, links not followed included.

        hops: links away at most. limit: identifiers at most; the answer says how many were left out. `.graph()` is a
        networkx graph. Raises ScvgraphError where nobody is known by the value.
        """
        from scvgraph.embedded.neighbourhood import neighbourhood

        return neighbourhood(self._engine, self._meant(value, kind).identifiers, hops, limit)

    def picture(self, value: str, kind: str | None = None) -> Picture:
        """The customer behind a value, or of an id, as a drawing: shown as it is in a notebook, a page by `.page()`.

        A value that stands for no single customer (shared, a placeholder) is drawn with what lies around it.
        """
        from scvgraph.embedded.neighbourhood import neighbourhood
        from scvgraph.report.picture import Picture

        found = self._meant(value, kind)
        whole = found if found.customer is None else self._meant(found.customer, None)
        near = neighbourhood(self._engine, whole.identifiers, 1, SHOWN)
        return Picture(value.strip(), near, self.customer(found.customer, None) if found.customer else None)

    def show(self, value: str, path: str | Path, kind: str | None = None) -> Picture:
        """Write the picture of a customer to a file: a page where it ends in .html, else a graph, .graphml or .gexf."""
        picture = self.picture(value, kind)
        self.write_picture(picture, path)
        return picture

    @staticmethod
    def write_picture(picture: Picture, path: str | Path) -> None:
        """As `show`, for a picture that was made before; in one step."""
        from scvgraph.export import write_graph, write_text

        if Path(path).suffix.lower() not in (".html", ".htm"):
            write_graph(picture.graph(), path)
            return
        write_text(Path(path), picture.page())

    def query(self, text_or_name: str, **params: Any) -> pd.DataFrame:
        """A named query or Cypher as text, with parameters by name."""
        return self.ask(text_or_name, params).frame()

    def ask(self, text_or_name: str, params: dict[str, Any] | None = None) -> Result:
        """As `query`, but plain rows. Raises UnknownName, UsageError or QueryError."""
        from scvgraph.embedded.statements import find_statement

        statement = find_statement(text_or_name, self._queries)
        if statement is None:
            return self._graph.query(text_or_name, params)
        return self._graph.query(statement.cypher, statement.values(params or {}))

    def table(self, name: str) -> pd.DataFrame:
        """A whole table (scvgraph.tables.TABLES lists them). Raises UnknownName."""
        from scvgraph.engine import name as quoted
        from scvgraph.export import known_table

        return self.sql(f"SELECT * FROM {quoted(known_table(name))}")

    def sql(self, sql: str, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """SQL over the tables, by name. Raises QueryError with the engine's own words."""
        import duckdb

        try:
            frame: pd.DataFrame = self._engine.con.sql(sql, params=params).df()
        except duckdb.Error as error:
            raise QueryError(str(error)) from None
        return frame

    def export(self, table: str, path: str | Path) -> int:
        """Write a table to a .csv or .parquet file; returns its rows."""
        from scvgraph.export import export

        return export(self._engine, table, Path(path))

    def model(self) -> ShownModel:
        """The matching model: what agreement in each trait is worth. Raises ScvgraphError where nothing was compared."""
        from scvgraph.report.model import shown_model

        return shown_model(self.generation, self._engine)

    def write_model_page(self, path: str | Path) -> None:
        """Write the model as a page for the browser, in one step."""
        from scvgraph.export import write_text
        from scvgraph.report.model_page import model_page

        write_text(Path(path), model_page(self.model(), self.store.folder.resolve().parent.name))

    def keep_model(self, path: str | Path) -> None:
        """Write the model to a file that later runs can use, `[resolve] model`. It holds values of traits."""
        from scvgraph.export import keep_model

        self.model()
        keep_model(self.generation, self._engine, Path(path))

    def evaluate(
        self,
        truth: str | Path,
        *,
        key: str | None = None,
        entity: str | None = None,
        calibration: bool = False,
        curve: bool = False,
        by_size: bool = False,
        worst: int | None = None,
    ) -> Evaluation:
        """The customers against rows whose person is known (docs/evaluation.md). key, entity: columns of the truth
        file, where they are not found by name. The rest is worked out on demand; worst: of how many errors the reasons.
        """
        from scvgraph.evaluate import Wanted, evaluate

        wanted = Wanted(calibration, curve, by_size, worst)
        return evaluate(self._engine, Path(truth), wanted, key=key, entity=entity)

    def evaluate_pairs(self, pairs: str | Path) -> PairScore:
        """The customers against pairs that somebody judged."""
        from scvgraph.evaluate import score_pairs
        from scvgraph.identifiers.options import cleaning_options

        return score_pairs(self._engine, Path(pairs), cleaning_options(self.generation.about["kinds"]))

    def review(self, limit: int | None = 20, answers: Answers | None = None) -> list[Case]:
        """Doubtful cases, the most valuable to look at first; None: all. Pairs that are ruled on do not come again.

        answers: the project's file of answers, whose lines count although no run has taken them in yet.
        """
        from scvgraph.identifiers.options import cleaning_options
        from scvgraph.review import review, ruled

        known = ruled(self._engine, answers, cleaning_options(self.generation.about["kinds"]))
        return review(self._engine, limit, decided=known)

    def sample_pairs(self, path: str | Path, count: int = 200, seed: str = "1") -> int:
        """Draw pairs to judge, for `evaluate_pairs`, into a CSV file; returns how many. Raises UsageError if there is
        such a file already: it may have been judged.
        """
        from scvgraph.export import written_aside
        from scvgraph.review import draw

        if Path(path).exists():
            raise UsageError(f"{path} is there already and may have been judged; name a new file")
        return written_aside(Path(path), lambda aside: draw(self._engine, aside, count, seed))

    def attribute(self, *models: str, **asked: Any) -> Attribution:
        """Credit of conversions by models, such as `view.attribute("last", "markov:2", by=("channel", "campaign"))`.

        asked: what `scvgraph.attribution.attribute.Question` and `scvgraph.journeys.build.Options` name. Raises
        UnknownName, UsageError.
        """
        from scvgraph.attribution.ask import attribute

        return attribute(self._engine, self.generation, models, self._asked(asked))

    def attribution_report(
        self, *models: str, spend: pd.DataFrame | None = None, funnel: Sequence[str] = (), **asked: Any
    ) -> str:
        """The same, and what journeys look like, as a page of HTML that loads nothing. funnel: kinds of events. asked:
        also what `scvgraph.attribution.checks.Checks` names.
        """
        from scvgraph.report.credit import shown_credit
        from scvgraph.report.credit_page import credit_page

        asked = self._asked(asked)
        return credit_page(
            shown_credit(self._engine, self.generation, models, asked, spend=spend, funnel_steps=funnel)
        )

    def journeys(self, what: str = "paths", **asked: Any) -> pd.DataFrame:
        """A table about journeys: paths, assisted, percentiles, times, lengths, transitions, matrix, steps, events or
        sessions.
        """
        from scvgraph.journeys.ask import journeys

        return journeys(self._engine, self.generation, what, self._asked(asked))

    def funnel(self, *steps: str, **asked: Any) -> pd.DataFrame:
        """How many customers (or sessions) take one step after the other: values of a column of events."""
        from scvgraph.journeys.ask import funnel

        return funnel(self._engine, self.generation, steps, self._asked(asked))

    def _asked(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"timezone": self._timezone, "channels": self._channels, **asked}

    def status(self) -> Status:
        from scvgraph.status import status

        return status(self.store, self.generation)

    def _meant(self, value: str, kind: str | None) -> Meant:
        from scvgraph.embedded.asked import meant
        from scvgraph.identifiers.options import cleaning_options

        kinds = cleaning_options(self.generation.about["kinds"])
        return meant(self._engine, kinds, self.generation.number, value, kind)

    def _source_rows(self, pairs: list[tuple[str, str]]) -> dict[tuple[str, str], tuple[SourceRow, ...]]:
        from scvgraph.embedded.evidence import rows_of

        return rows_of(self._engine, pairs)

    def _reasons(self, pairs: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
        from scvgraph.embedded.evidence import reasons_of

        return reasons_of(self._engine, pairs)

    def _related(self, customer: int, other: int) -> tuple[Relation, ...]:
        from scvgraph.embedded.related import related

        return related(self._engine, customer, self._declared, other)

    @property
    def _declared(self) -> dict[str, str]:
        """Roles of traits, as the project said when the generation was made."""
        roles: dict[str, str] = self.generation.about.get("policy", {}).get("resolve", {}).get("compare", {})
        return roles

    @cached_property
    def _graph(self) -> Graph:
        from scvgraph.embedded.graph import Graph

        return Graph(self.generation.graph_path, quick=self._quick)

    @cached_property
    def _values(self) -> ValueIndex:
        from scvgraph.embedded.values import ValueIndex

        return ValueIndex(self.generation.index_path)

    @cached_property
    def _finder(self) -> Finder:
        from scvgraph.embedded.finder import Finder
        from scvgraph.identifiers.options import cleaning_options

        graph = self._graph  # first, so that a missing graph is reported as such
        return Finder(graph, self._values, cleaning_options(self.generation.about["kinds"]), self._declared)

    @cached_property
    def _engine(self) -> Engine:
        return self.generation.engine()

    def close(self) -> None:
        opened = self.__dict__
        for name in ("_graph", "_values", "_engine"):
            if name in opened:
                opened.pop(name).close()
        opened.pop("_finder", None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_view(place: str | Path, *, generation: int | None = None) -> View:
    """A view of a store, or of the store of a project (its file or folder). Raises StoreMissing where neither is."""
    path = Path(place)
    if (path / "store.json").exists():
        return View(Store.open(path), generation=generation)
    file = path / "scvgraph.toml" if path.is_dir() else path
    if not file.exists():
        raise StoreMissing(
            f"neither a store nor a project file at {path}; make one with `scvgraph init` and `scvgraph run`"
        )
    from scvgraph.config import load

    project = load(file, reading=True)
    return View(
        Store.open(project.store),
        queries=project.queries,
        generation=generation,
        channels=project.channels,
        timezone=project.timezone,
    )
