"""The generated parts of documents: a function for each first word of `<!-- generated: WORD ... -->`."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import TYPE_CHECKING, Any

from making.documents import ROOT, Region

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from making.console import Desk

WIDTH = 96


def written(region: Region, at: Desk) -> str:
    """The text a region should hold."""
    word, _, rest = region.what.partition(" ")
    assert word in SECTIONS, f"{region.place}: nothing generates '{word}'"
    return SECTIONS[word](rest, at)


def is_current(region: Region, fresh: str) -> bool:
    """Whether a region is as generated; of JSON samples the keys count, since times and sizes differ from run to run."""
    if region.what.startswith("json "):
        return shape(_fenced(region.text)) == shape(_fenced(fresh))
    return region.text.strip() == fresh.strip()


def shape(value: Any) -> Any:
    """The keys of a JSON value, all the way down; of a list those of its first entry."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value[:1]]
    return None


def _fenced(text: str) -> Any:
    inner = [line for line in text.strip().splitlines() if not line.startswith("```")]
    try:
        return json.loads("\n".join(inner))
    except ValueError:
        return None


def _fence(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def _rows(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _benchmarks(_: str, __: Desk) -> str:
    import ast

    rows = []
    for path in sorted((ROOT / "benchmarks").glob("*.py")):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        title, *rest = said.split("\n\n")
        calls = [line.split("#")[0].strip() for line in said.splitlines() if line.startswith("    python")]
        prints = " ".join(" ".join(part.split()) for part in rest if part.startswith("Prints"))
        about = " ".join(" ".join(title.split()).split("    ")) + (f" {prints}" if prints else "")
        rows.append((f"`{path.name}`", about, "<br>".join(f"`{call}`" for call in calls)))
    return _rows(("script", "what it measures", "how to run it"), rows)


def _help(command: str, _: Desk) -> str:
    from click.testing import CliRunner

    from scvgraph.cli import main

    asked = [*command.split(), "--help"]
    result = CliRunner().invoke(
        main, asked, prog_name="scvgraph", terminal_width=WIDTH, max_content_width=WIDTH
    )
    return _fence("text", result.output.rstrip())


def _json(command: str, at: Desk) -> str:
    """A command's JSON, run in the retail project, every list cut to its first entry."""
    done = subprocess.run(  # noqa: S603 - the commands are those of our own documents
        shlex.split(command), cwd=at.retail, env=at.environment, capture_output=True, timeout=120, check=True
    )
    told = json.dumps(_cut(json.loads(done.stdout)), indent=1, ensure_ascii=False)
    return _fence("json", told.replace(str(at.retail), "examples/retail"))


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cut(item) for key, item in value.items()}
    return [_cut(item) for item in value[:1]] if isinstance(value, list) else value


def _tables(which: str, _: Desk) -> str:
    from scvgraph.tables import GENERATION, LEDGER

    parts = []
    for table in {"ledger": LEDGER, "generation": GENERATION}[which]:
        rows = [(f"`{c.name}`", c.type, c.meaning) for c in table.columns]
        more = f"\n\nThen {table.extra}." if table.extra else ""
        parts.append(
            f"### `{table.name}`\n\nOne row: {table.row}. Made by {table.made_by}.\n\n"
            + _rows(("column", "type", "meaning"), rows)
            + more
        )
    return "\n\n".join(parts)


def _stages(_: str, __: Desk) -> str:
    from scvgraph.pipeline import PIPELINE

    def listed(names: tuple[str, ...]) -> str:
        return ", ".join(names) or "files"

    rows = [(f"`{s.name}`", f"`{s.place}`", listed(s.reads), listed(s.writes)) for s in PIPELINE]
    return _rows(("stage", "where", "reads", "writes"), rows)


def _layers(_: str, __: Desk) -> str:
    import tomllib

    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = said["tool"]["importlinter"]["contracts"]
    return _fence("text", "\n".join(contract["layers"]))


def _rules(_: str, __: Desk) -> str:
    from scvgraph.sightings import PATTERNS, RULES

    words = dict(PATTERNS)
    rows = [
        (
            f"`{name}`",
            rule.weight,
            f"they {rule.sentence}",
            f"`{words[name]}`" if name in words else "any other",
        )
        for name, rule in RULES.items()
    ]
    return _rows(("rule", "weight", "what it says of two identifiers", "found in an event's kind"), rows)


def _kinds(_: str, __: Desk) -> str:
    from scvgraph.config.load import default_kind
    from scvgraph.identifiers.kinds import BUILT_IN

    def row(name: str, title: str) -> tuple[Any, ...]:
        kind = default_kind(name, None)
        return name, title, kind.trust, kind.limit or "none", "yes" if kind.links else "no"

    rows = [row(f"{rule.name}", rule.title) for rule in BUILT_IN.values()]
    rows.append(row("any other name", "An id of a kind of its own."))
    return _rows(
        ("kind", "what it is", "trust", "limit", "merges people"), [(f"`{r[0]}`", *r[1:]) for r in rows]
    )


def _queries(_: str, __: Desk) -> str:
    from scvgraph.embedded.statements import statements

    rows = [
        (f"`{s.name}`", s.question, ", ".join(f"`{p.name}`" for p in s.parameters) or "none")
        for s in statements().values()
    ]
    return _rows(("query", "what it answers", "parameters"), rows)


def _models(_: str, __: Desk) -> str:
    from scvgraph.attribution.models import MODELS

    rows = [(f"`{m.name}`", m.about, m.setting or "none") for m in MODELS.values()]
    return _rows(("model", "credit", "after a colon"), rows)


def _channels(_: str, __: Desk) -> str:
    from scvgraph.journeys.channels import ABOUT, SHIPPED

    return _rows(("channel", "if"), [(name, ABOUT[name]) for name in SHIPPED])


def _scenarios(_: str, __: Desk) -> str:
    rows = []
    for path in sorted((ROOT / "examples" / "scenarios").glob("*.json")):
        said = json.loads(path.read_text(encoding="utf-8"))
        rows.append((f"[{said['name']}](../examples/scenarios/{path.name})", said["why"]))
    return _rows(("story", "what should come of it"), rows)


def _scenario(name: str, _: Desk) -> str:
    return _fence("json", (ROOT / "examples" / "scenarios" / name).read_text(encoding="utf-8"))


SECTIONS: Mapping[str, Callable[[str, Desk], str]] = {
    "benchmarks": _benchmarks,
    "channels": _channels,
    "help": _help,
    "json": _json,
    "kinds": _kinds,
    "layers": _layers,
    "models": _models,
    "queries": _queries,
    "rules": _rules,
    "scenario": _scenario,
    "scenarios": _scenarios,
    "stages": _stages,
    "tables": _tables,
}
