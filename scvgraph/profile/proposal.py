"""Files in, a proposal out: which sources there are, and everything that was found out about them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scvgraph.errors import UsageError
from scvgraph.profile import name_hints as hints
from scvgraph.profile.column import columns_of, words_of
from scvgraph.profile.draft import drafted, header_of
from scvgraph.profile.ids import unified, unique_kinds
from scvgraph.profile.recognise import Role, recognise
from scvgraph.profile.region import best_region, hints_of, looks_dialled, spoken_in
from scvgraph.profile.sample import Cells, Sample, take_sample

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scvgraph.profile.column import Column
    from scvgraph.profile.draft import Draft

_SUFFIXES = (".csv", ".tsv", ".txt", ".psv", ".jsonl", ".ndjson", ".json", ".parquet", ".pq")
_MOST_ROWS = 150_000  # of all files of one source together
_DATE = re.compile(r"[._ -]*(?:19|20)\d\d[._-]?\d\d(?:[._-]?\d\d)?(?=$|[._ -])")
_PART = re.compile(r"[._ -]*(?:part|v|no)?[._-]?\d+(?=$|[._ -])")
_NOTHING_SAID = re.compile(r"(?i)[._ -]+(?:events?|records?|data|export|extract|dump)$")  # of a file's name


@dataclass(slots=True)
class Proposal:
    """What `write` turns into a project file.

    skipped: (file, why) of files no source was made of. decisions: (file, the kinds its identifiers are of). unique: kind -> evidence. phones: whether any were found.
    """

    drafts: list[Draft] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    decisions: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    region: str | None = None
    region_why: str = ""
    phones: bool = False
    unique: Mapping[str, str] = field(default_factory=dict)


def propose(files: Sequence[Path], target: Path, region: str | None = None) -> Proposal:
    """Look at files and propose the sources of a project file at `target`. Raises UsageError, SourceError."""
    result = Proposal()
    groups = [part for group in _grouped(_sampled(files, target, result)) for part in _told_apart(group)]
    columns = [{column.name: column for column in columns_of(_merged(group))} for group in groups]
    result.region, result.region_why = _region(columns, region)
    roles = {
        (n, c): recognise(column, result.region)
        for n, held in enumerate(columns)
        for c, column in held.items()
    }
    roles = unified({(n, c): column for n, held in enumerate(columns) for c, column in held.items()}, roles)
    merged = [_merged(group) for group in groups]
    result.unique = unique_kinds(merged, roles)
    result.phones = any(role.name == "phone" for role in roles.values())
    for n, group in enumerate(groups):
        own: dict[str, Role] = {c: roles[n, c] for c in columns[n]}
        names = _pattern([sample.path for sample in group], target)
        taken = [draft.name for draft in result.drafts]
        result.drafts.append(
            drafted(_name(group[0].path, taken, several=len(group) > 1), names, merged[n], columns[n], own)
        )
    if not any(draft.fault is None for draft in result.drafts):
        raise UsageError(_nothing(result))
    return result


def _nothing(result: Proposal) -> str:
    reasons = [f"{', '.join(draft.files)}: {draft.fault}" for draft in result.drafts]
    reasons += [f"{file}: {why}" for file, why in result.skipped]
    return "\n".join(
        [
            "none of the files can be a source, so no project file was written",
            *(f"  - {reason}" for reason in reasons),
        ]
    )


def _sampled(files: Sequence[Path], target: Path, result: Proposal) -> list[Sample]:
    """The samples of files that may be sources; others are put where they belong."""
    samples = []
    for path in _listed(files):
        sample = take_sample(path)
        words = {column.lower() for column in sample.columns}
        if not sample.columns:
            result.skipped.append((relative(path, target), "empty: no header, no rows"))
        elif {"decision", "a", "b"} <= words:
            result.decisions.append((relative(path, target), _decided_kinds(sample)))
        elif {"entity", "key"} <= words:
            result.skipped.append(
                (relative(path, target), "looks like truth: score with `scvgraph evaluate --truth`")
            )
        else:
            samples.append(sample)
    return samples


def _decided_kinds(sample: Sample) -> frozenset[str]:
    """The kinds that stand before the colon in a file of decisions ('email:jane@x.com')."""
    ends = [cell for name, cells in sample.columns.items() if name.lower() in {"a", "b"} for cell in cells]
    return frozenset(kind for cell in ends if cell is not None and (kind := cell.partition(":")[0]) != cell)


def _listed(files: Sequence[Path]) -> list[Path]:
    """Files as given, folders by the files in them, each once."""
    found: dict[Path, None] = {}
    for path in files:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.is_file() and _bare(p).endswith(_SUFFIXES))
            if not inside:
                raise UsageError(f"no CSV, JSON lines or Parquet file in folder {path}")
            found.update(dict.fromkeys(inside))
        else:
            found[path] = None
    return list(found)


def _bare(path: Path) -> str:
    return path.name.lower().removesuffix(".gz").removesuffix(".zst")


def relative(path: Path, target: Path) -> str:
    """A path as the project file should say it: relative to its folder, with slashes."""
    return Path(os.path.relpath(path.resolve(), target.parent.resolve())).as_posix()


def _grouped(samples: Sequence[Sample]) -> list[list[Sample]]:
    """Files of one header together; JSON lines, whose fields may be absent, by the names of the files."""
    groups: dict[object, list[Sample]] = {}
    for sample in samples:
        key: object = tuple(header_of(sample))
        if sample.format == "jsonl":
            key = (sample.format, sample.path.parent, _PART.sub("", _DATE.sub("", sample.path.name)))
        groups.setdefault(key, []).append(sample)
    return list(groups.values())


def _told_apart(group: list[Sample]) -> list[list[Sample]]:
    """A group as it is, or each file by itself: lists of different things whose rows are named by numbers of their own.

    Files whose names differ in a date or a number of a part are deliveries of one thing.
    """
    if len({_bare_name(sample.path, several=True) for sample in group}) < len(group) or len(group) == 1:
        return [group]
    named = [name for name in group[0].columns if hints.KEY.fullmatch(words_of(name))]
    each = [name for name in named if all(_names_rows(sample.columns[name]) for sample in group)]
    apart = each and not any(_names_rows(_merged(group).columns[name]) for name in named)
    return [[sample] for sample in group] if apart else [group]


def _names_rows(cells: Cells) -> bool:
    return None not in cells and len(set(cells)) == len(cells)


def _merged(samples: Sequence[Sample]) -> Sample:
    """The rows of several files of one source as one sample."""
    if len(samples) == 1:
        return samples[0]
    share = _MOST_ROWS // len(samples)
    names = dict.fromkeys(name for sample in samples for name in sample.columns)
    columns = {
        name: [cell for sample in samples for cell in sample.columns.get(name, [None] * sample.rows)[:share]]
        for name in names
    }
    return replace(
        samples[0],
        columns=columns,
        rows=sum(min(sample.rows, share) for sample in samples),
        whole=all(sample.whole and sample.rows <= share for sample in samples),
        odd=sum(sample.odd for sample in samples),
        types={name: kind for sample in samples for name, kind in sample.types.items()},
    )


def _region(columns: Sequence[Mapping[str, Column]], given: str | None) -> tuple[str | None, str]:
    if given is not None:
        return given, "as given"
    held = [column for file in columns for column in file.values() if column.type is None]
    named = [
        c
        for c in held
        if hints.meaning(c.words, hints.IDENTIFIERS) == "phone" and looks_dialled(c.some) > 0.5
    ]
    if not named:
        named = [c for c in held if c.distinct >= 5 and looks_dialled(c.some) >= 0.8 and _signed(c)]
    return (
        best_region(named, hints_of(held), spoken_in(held)) if named else (None, "no phone numbers were seen")
    )


def _signed(column: Column) -> bool:
    """Whether numbers are written as phones are and dates and ids are not: a plus, or a zero first."""
    return sum(
        bool(re.match(r"\+|\(|0[1-9 ]", v)) and not re.match(r"\d\d?[/.-]\d\d?[/.-]", v) for v in column.some
    ) > 0.3 * len(column.some)


def _pattern(paths: Sequence[Path], target: Path) -> tuple[str, ...]:
    """One pattern that finds exactly these files, or their names."""
    names = tuple(relative(path, target) for path in paths)
    if len(names) == 1 or len({path.parent for path in paths}) > 1:
        return names
    prefix = _common_start(names)
    suffix = _common_start([name[len(prefix) :][::-1] for name in names])[::-1]
    if re.search(r"[\[\]*?]", prefix + suffix):
        return names
    inside = {path.name for path in paths[0].parent.iterdir() if path.is_file()}
    start, end = prefix.rpartition("/")[2], suffix
    matching = {
        name
        for name in inside
        if name.startswith(start) and name.endswith(end) and len(name) >= len(start + end)
    }
    return (f"{prefix}*{suffix}",) if matching == {path.name for path in paths} else names


def _common_start(names: Sequence[str]) -> str:
    """The letters that all names begin with; unlike folders, they may end anywhere."""
    shortest = min(names, key=len)
    return next(
        (shortest[:n] for n in range(len(shortest)) if any(name[n] != shortest[n] for name in names)),
        shortest,
    )


def _name(path: Path, taken: Sequence[str], *, several: bool) -> str:
    """A source's name from a file's."""
    name = re.sub(r"[^0-9a-z]+", "_", _bare_name(path, several=several).lower()).strip("_")[:50] or "source"
    name = name if name[0].isalpha() else f"source_{name}"
    number, unique = 1, name
    while unique in taken:
        number += 1
        unique = f"{name}_{number}"
    return unique


def _bare_name(path: Path, *, several: bool) -> str:
    """A file's name without endings, dates, and, of several files, numbers of parts."""
    stem = path.name.removesuffix(".gz").removesuffix(".zst")
    stem = stem.rpartition(".")[0] or stem
    bare = _DATE.sub("", stem)
    bare = _PART.sub("", bare) if several else bare
    return _NOTHING_SAID.sub("", bare) or bare or stem
