"""Cypher files: where they are, what a query's header declares, and values read as its parameters say.

A query is one file. Its leading comment asks the question, then declares parameters and columns:

    // Which customers hold more than so many identifiers of a kind?
    // param kind text = loyalty_id: the kind of identifier
    // param n whole = 1: more than so many
    // returns customer, identifiers
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scvgraph.embedded.answers import as_id
from scvgraph.errors import UnknownName, UsageError

_PARAM = re.compile(r"param (\w+) (\w+)(?: = (.*?))?(?:: (.*))?$")
_NAME = re.compile(r"\w+")


def shipped() -> Path:
    """The folder `cypher/`: inside the installed package, or at the root of a source checkout."""
    package = Path(__file__).parent.parent
    inside = package / "cypher"
    return inside if inside.is_dir() else package.parent / "cypher"


def schema_statement(part: str, traits: list[str]) -> str:
    """The statement that makes a part of the embedded graph, with a STRING column for each trait."""
    text = (shipped() / "schema" / "ladybug" / f"{part.lower()}.cypher").read_text(encoding="utf-8")
    columns = "".join(f",\n  `{trait}` STRING" for trait in traits)
    head, _, tail = text.rpartition("\n)")
    return f"{head}{columns}\n){tail}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """type: text, id (of a customer or household), whole, number, flag, time (ISO 8601, UTC) or texts (commas between). default: None if needed."""

    name: str
    type: str
    default: str | None
    meaning: str

    def read(self, given: str) -> Any:
        """A value as typed on a command line. Raises UsageError where it is not of the parameter's type."""
        try:
            return _READERS[self.type](given)
        except ValueError:
            raise UsageError(f"parameter {self.name}: '{given}' is not {_WORDS[self.type]}") from None


@dataclass(frozen=True, slots=True)
class Statement:
    """A named query. `question` is the header's first sentence or two, `columns` what it returns."""

    name: str
    path: Path
    question: str
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    cypher: str

    def values(self, given: dict[str, Any]) -> dict[str, Any]:
        """The parameters to bind: what was given (text is read by type), else the default."""
        known = {parameter.name for parameter in self.parameters}
        for unknown in sorted(set(given) - known):
            listed = ", ".join(sorted(known)) or "none"
            raise UsageError(f"query {self.name} has no parameter '{unknown}'; it has: {listed}")
        return {parameter.name: self._value(parameter, given) for parameter in self.parameters}

    def _value(self, parameter: Parameter, given: dict[str, Any]) -> Any:
        value = given.get(parameter.name, parameter.default)
        if value is None:
            raise UsageError(
                f"query {self.name} needs {parameter.name}; give it with -p {parameter.name}=VALUE"
            )
        return parameter.read(value) if isinstance(value, str) else value


def _flag(given: str) -> bool:
    if given.lower() not in {"true", "false"}:
        raise ValueError(given)
    return given.lower() == "true"


def _whole(given: str) -> int:
    number = int(given)
    if not -(2**63) <= number < 2**63:  # what both engines hold
        raise ValueError(given)
    return number


def _time(given: str) -> datetime:
    moment = datetime.fromisoformat(given)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


_READERS: dict[str, Any] = {
    "text": str,
    "id": lambda given: as_id(given.strip()),
    "whole": _whole,
    "number": float,
    "flag": _flag,
    "time": _time,
    "texts": lambda given: [word.strip() for word in given.split(",") if word.strip()],
}
_WORDS = {
    "text": "text",
    "id": "an id",
    "whole": "a whole number (of 64 bits)",
    "number": "a number",
    "flag": "true or false",
    "time": "a time such as 2026-01-31T12:00",
    "texts": "a list such as search,email",
}


def parse_parameter(line: str) -> Parameter | None:
    """A header line that declares a parameter.

    >>> parse_parameter("param n whole = 1: more than so many")
    Parameter(name='n', type='whole', default='1', meaning='more than so many')
    """
    found = _PARAM.match(line)
    if found is None or found[2] not in _READERS:
        return None
    return Parameter(found[1], found[2], found[3], found[4] or "")


def guess(given: str) -> Any:
    """A value for Cypher typed by hand, where nothing declares its type: a whole number, a number, a flag or text."""
    for reader in (_whole, float, _flag):
        try:
            return reader(given)
        except ValueError:
            continue
    return given


def read_statement(path: Path) -> Statement:
    """Raises UsageError naming the file, and the line, for what cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8; save it as such, or take it out of the folder") from None
    question, parameters = [], []
    columns: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("//"):
            break
        said = line[2:].strip()
        parameter = parse_parameter(said)
        if parameter is not None:
            parameters.append(parameter)
        elif re.match(r"param \w+ \w+\b", said):
            raise UsageError(
                f"{path}, line {number}: not `param NAME TYPE [= DEFAULT]: what it means`, or no such type; types are"
                f" {', '.join(_READERS)}"
            )
        elif said.startswith("returns "):
            columns = tuple(word.strip() for word in said[8:].split(","))
        elif said:
            question.append(said)
    return Statement(path.stem, path, " ".join(question), tuple(parameters), columns, text)


def statements(project_folder: Path | None = None, *, neo4j: bool = False) -> dict[str, Statement]:
    """Every named query; one in the project's own `cypher/` folder stands before a shipped one of its name.

    neo4j: those too that only Neo4j can answer, in folders `neo4j/`.
    """
    folders = [shipped() / "queries"]
    if neo4j:
        folders.append(shipped() / "neo4j")
    if project_folder is not None:
        folders += [project_folder, project_folder / "queries"]
        folders += [project_folder / "neo4j"] if neo4j else []
    found: dict[str, Statement] = {}
    for folder in folders:
        if folder.is_dir():
            found |= {path.stem: read_statement(path) for path in sorted(folder.glob("*.cypher"))}
    return dict(sorted(found.items()))


def find_statement(text: str, project_folder: Path | None = None, *, neo4j: bool = False) -> Statement | None:
    """The named query meant; None if the text is Cypher itself. Raises UnknownName for a name nobody gave."""
    if not _NAME.fullmatch(text.strip()):
        return None
    known = statements(project_folder, neo4j=neo4j)
    if text.strip() not in known:
        import difflib

        if not neo4j and text.strip() in statements(project_folder, neo4j=True):
            raise UnknownName(f"query '{text.strip()}' needs Neo4j; add `--on neo4j`")
        near = difflib.get_close_matches(text.strip(), known, n=1)
        hint = f"; did you mean {near[0]}?" if near else "; see `scvgraph query --list`"
        raise UnknownName(f"no query named '{text.strip()}'{hint}")
    return known[text.strip()]
