"""The file of nicknames: names that one person may go by, a line a group, the formal name first.

Both rooms that compare first names read it, the one that looks for conflicts and the one that matches.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

BUILT_IN = Path(__file__).with_name("nicknames.csv")


def groups(file: Path = BUILT_IN) -> list[list[str]]:
    """The groups of a file, in lower case without accents; lines that begin with # are comments.

    >>> groups()[0][:2]
    ['abigail', 'abby']
    """
    lines = (line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines())
    return [
        [name for cell in line.split(",") if (name := _plain(cell))]
        for line in lines
        if line and line[0] != "#"
    ]


def fault_of(file: Path) -> str | None:
    """Why a file cannot be used, or None."""
    try:
        found = groups(file)
    except UnicodeDecodeError as error:
        return f"byte {error.start} of {file.name} is not UTF-8; save the file as UTF-8"
    except OSError as error:
        return f"cannot read {file.name}: {error.strerror}; name a file such as 'nicknames.csv', a group of names a line"
    lonely = next((number for number, group in enumerate(found, 1) if len(group) < 2), None)
    if lonely is not None:
        return f"group {lonely} of {file.name} has fewer than two names; write them in one line, with commas between"
    return None if found else f"{file.name} has no names; write a group a line, such as 'robert,bob,rob'"


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold().strip()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
