"""The project file as text: every proposal with its reason beside it, what was left out as comments.

Nothing but names, counts and shapes goes into it: no value of any column, save event kinds in the conversion.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

from scvgraph.errors import ScvgraphError, UsageError
from scvgraph.roles import role_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scvgraph.profile.draft import Draft
    from scvgraph.profile.proposal import Proposal

_HEAD = """\
# A project file of scvgraph, proposed by `scvgraph init` from a look at the files.
# Read the comments, correct what is wrong, then build the customers with `scvgraph run`.
"""
_COMPARE = [
    "# People who share no identifier are found by their traits. To compare one otherwise, or not at all:",
    "# [resolve.compare]",
    '# TRAIT = "text"                             # or category, code, date, place ...; "off" leaves it out',
    "",
]
_WIDTH = 44  # where comments beside settings begin


def text_of(proposal: Proposal, name: str) -> str:
    """The whole file. Sources that cannot be used yet stand in it as comments, with what is missing."""
    lines = [_HEAD, "[project]", f"name = {quoted(name)}", *_project(proposal), ""]
    used = {kind for draft in proposal.drafts if draft.fault is None for kind, _, _ in draft.identifiers}
    for kind, why in proposal.unique.items():
        if kind in used:
            lines += [f"[identifiers.{kind}]", _beside("unique = true", f"at most one a customer: {why}"), ""]
    for draft in proposal.drafts:
        block = _source(draft)
        lines += block if draft.fault is None else _as_comment(draft, block)
    if any(draft.traits for draft in proposal.drafts if draft.fault is None):
        lines += _COMPARE
    if proposal.skipped:
        lines += [
            "# Files left out:",
            *(f"#   {_plain(file)}: {_plain(why)}" for file, why in proposal.skipped),
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def _project(proposal: Proposal) -> list[str]:
    lines = []
    if proposal.region is not None:
        lines.append(
            _beside(
                f"region = {quoted(proposal.region)}",
                f"for phone numbers without a country code: {proposal.region_why}",
            )
        )
    elif proposal.phones:
        lines.append(
            _beside(
                '# region = "GB"', f"set it for phone numbers without a country code: {proposal.region_why}"
            )
        )
    lines.append(_beside('# timezone = "Europe/London"', "of times without an offset; UTC unless you say so"))
    return lines + _decisions(proposal)


def _decisions(proposal: Proposal) -> list[str]:
    """Files of decisions; as a comment where one speaks of a kind that no source has."""
    known = {kind for draft in proposal.drafts if draft.fault is None for kind, _, _ in draft.identifiers}
    strange = sorted({kind for _, kinds in proposal.decisions for kind in kinds - known})
    setting = f"decisions = {_list([file for file, _ in proposal.decisions])}" if proposal.decisions else ""
    if strange:
        return [
            _beside(
                f"# {setting}",
                f"it speaks of {', '.join(strange)}; the kinds here are {', '.join(sorted(known))}: rename, then use it",
            )
        ]
    return [setting] if setting else []


def _source(draft: Draft) -> list[str]:
    rows = f"all {draft.sample.rows:,} rows" if draft.sample.whole else f"{draft.sample.rows:,} rows, not all"
    lines = [
        _beside(f"[sources.{draft.name}]", f"looked at {rows}" + _odd(draft)),
        _beside(f"shape = {quoted(draft.shape)}", draft.why),
        f"files = {_list(draft.files)}",
    ]
    names = {"time": "time" if draft.shape == "events" else "updated"}
    for part, (column, why) in draft.parts.items():
        lines.append(_beside(f"{names.get(part, part)} = {quoted(column)}", why))
    if draft.shape == "records" and "key" not in draft.parts:
        lines.append(
            _beside('# key = "id"', "no column names a row, so its content does: changed, it is another")
        )
    lines += _reading(draft)
    if draft.fixed:
        cells = ", ".join(f"{part} = {quoted(value)}" for part, value in draft.fixed.items())
        lines.append(_beside(f"fixed = {{ {cells} }}", "by the source's name"))
    if draft.conversion is not None:
        lines.append(_beside(f"conversion = {quoted(draft.conversion)}", "what counts as a sale"))
    lines += ["", f"[sources.{draft.name}.identifiers]", *_identifiers(draft)]
    if draft.traits:
        lines += ["", f"[sources.{draft.name}.traits]"]
        lines += [
            _beside(
                f"{trait} = {quoted(column)}",
                f"{_sum(draft, column, why)}; {_compared(draft, trait, column)}",
            )
            for trait, column, why in draft.traits
        ]
    return [*lines, *_left(draft), ""]


def _odd(draft: Draft) -> str:
    return f"; {draft.sample.odd:,} more do not fit the header or do not parse" if draft.sample.odd else ""


def _reading(draft: Draft) -> list[str]:
    """Only what ingest would not find out by itself."""
    sample, lines = draft.sample, []
    if sample.format_needed:
        lines.append(f"format = {quoted(sample.format)}")
    if sample.encoding is not None:
        lines.append(_beside(f"encoding = {quoted(sample.encoding)}", "it is not UTF-8"))
    if sample.delimiter is not None:
        lines.append(f"delimiter = {quoted(sample.delimiter)}")
    if not sample.header:
        lines.append(
            _beside("header = false", "the first row is data already; columns are column0, column1 ...")
        )
    if draft.time_format is not None and "time" in draft.parts:
        lines.append(_beside(f"time_format = {quoted(draft.time_format)}", draft.time_why))
    if draft.decimal != ".":
        lines.append(f"decimal = {quoted(draft.decimal)}")
    return lines


def _identifiers(draft: Draft) -> list[str]:
    kinds: dict[str, list[tuple[str, str]]] = {}
    for kind, column, why in draft.identifiers:
        kinds.setdefault(kind, []).append((column, _sum(draft, column, why)))
    lines = []
    for kind, found in kinds.items():
        why = " | ".join(f"{column}: {words}" if len(found) > 1 else words for column, words in found)
        lines.append(_beside(f"{kind} = {_list([column for column, _ in found])}", why))
    return lines or ["# none was found: its records are compared by their traits only"]


def _sum(draft: Draft, column: str, why: str) -> str:
    found = draft.columns[column]
    return f"{why}; {found.distinct:,} different, in {found.fill:.0%} of the rows" if found.filled else why


def _compared(draft: Draft, trait: str, column: str) -> str:
    """How matching will compare a trait, in the words of [resolve.compare]."""
    role = role_of(trait, sorted(draft.columns[column].some))
    return "not compared" if role == "ignore" else f"compared as {role}"


def _left(draft: Draft) -> list[str]:
    lines = []
    for column, why in draft.left:
        found = draft.columns[column]
        held = (
            f"filled {found.fill:.0%}, {found.distinct:,} different, like {found.shape}"
            if found.filled
            else "empty"
        )
        lines.append(f"#   {_plain(column)}: {held}; {_plain(why)}")
    for column in draft.sample.doubled:
        reason = (
            "its name has a dot"
            if draft.sample.format == "jsonl"
            else "stands more than once in the header, or has no name"
        )
        lines.append(f"#   {_plain(column) or '(no name)'}: {reason}; rename it in the file to use it")
    return ["# Columns left out:", *lines] if lines else []


def _as_comment(draft: Draft, block: Sequence[str]) -> list[str]:
    head = (
        f"# Not used: {_plain(', '.join(draft.files))}: {draft.fault}. Complete this and take the '# ' away:"
    )
    return [head, *(f"# {line}".rstrip() for line in block if line), ""]


def _beside(setting: str, why: str) -> str:
    return f"{setting:<{_WIDTH}}  # {_plain(why)}" if why else setting


def _plain(text: str) -> str:
    """Text that may stand in a comment: one line, no control characters."""
    return re.sub(r"[^ -~\u00a0-\ud7ff\ue000-\ufffd]", "?", text)[:300]


def _list(values: Sequence[str]) -> str:
    return quoted(values[0]) if len(values) == 1 else "[" + ", ".join(map(quoted, values)) + "]"


def quoted(text: str) -> str:
    r"""A TOML text. JSON escapes are TOML's, but for the delete character.

    >>> quoted("a[0]")
    '"a[0]"'
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def save(text: str, target: Path, *, force: bool = False) -> None:
    """Check that a text is a project file without faults, then put it in place in one step.

    Raises UsageError if there is a file already, unless forced.
    """
    from scvgraph.config import parse

    parse(text, target)
    aside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with aside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if force:
            aside.replace(target)
        else:
            target.hardlink_to(aside)
    except FileExistsError:
        raise UsageError(
            f"{target} is there already; overwrite it with --force, or write elsewhere with --to FILE"
        ) from None
    except OSError as error:
        raise ScvgraphError(
            f"cannot write {target}: {error.strerror}; write elsewhere with --to FILE"
        ) from None
    finally:
        aside.unlink(missing_ok=True)
