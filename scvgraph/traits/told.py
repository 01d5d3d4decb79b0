"""What nodes tell of a person in the traits that may conflict: profiles by their columns, e-mail addresses by the
name that can be read in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scvgraph.identifiers.scans import buffers
from scvgraph.traits.email_names import names_in_emails
from scvgraph.traits.names import as_date, day_first, fold, nicknames
from scvgraph.work import NOTHING_TOLD, Said, Told, Work

if TYPE_CHECKING:
    import numpy.typing as npt

    Int32 = npt.NDArray[np.int32]

FIRST_NAME, BIRTH_DATE = 0, 1
CLASSES = 3  # names a first name may be short for, at most so many


def told_by(work: Work) -> Told:
    """First names and dates of birth told by profiles, and first names told by e-mail addresses.

    Values are coded in the order of their text, names before days.
    """
    first, dates = said(work, "first_name"), said(work, "date")
    if not (first or dates):
        return NOTHING_TOLD
    policy = work.project.resolve
    if policy.email_names:
        work.named = names_in_emails(work, _often(first), _often(said(work, "last_name")))
    tells = [(each, FIRST_NAME) for each in (*first, work.named[0]) if policy.name_conflicts]
    tells += [(each, BIRTH_DATE) for each in dates if policy.date_conflicts]
    if not tells:
        return NOTHING_TOLD
    names = _texts(each for each, trait in tells if trait == FIRST_NAME)
    days = _texts(each for each, trait in tells if trait == BIRTH_DATE)
    code = {text: n for n, text in enumerate((*names, *days))}
    parts = []
    for each, trait in tells:
        codes = np.array([code.get(text, -1) for text in each.texts], np.int32)[each.place]
        fit = codes >= 0
        parts.append((each.node[fit], np.full(fit.sum(), trait, np.int8), codes[fit]))
    node, traits, codes = (np.concatenate([part[n] for part in parts]) for n in range(3))
    return Told(node, traits, codes, _spelled(names, days, work.project.nicknames), (*names, *days))


def said(work: Work, role: str) -> list[Said]:
    """What profiles say in the traits of a role."""
    found = []
    for trait, (codes, values) in work.profiles.traits.items():
        if work.project.resolve.role_of(trait) == role:
            rows = np.flatnonzero(codes >= 0).astype(np.int32)
            found.append(Said(work.profiles.node[rows], codes[rows], _comparable(role, values)))
    return found


def _comparable(role: str, values: list[str]) -> list[str]:
    if role != "date":
        return [fold(value) for value in values]
    first = day_first(values)
    return [str(as_date(value, day_first=first) or "") for value in values]


def _often(said: list[Said]) -> dict[str, int]:
    """How many profiles say each text, blanks in it left out."""
    often: dict[str, int] = {}
    for each in said:
        counts = np.bincount(each.place, minlength=len(each.texts)).tolist()
        for text, count in zip(each.texts, counts, strict=True):
            word = text.replace(" ", "")
            often[word] = often.get(word, 0) + count
    return often


def _texts(said: Iterable[Said]) -> list[str]:
    return sorted({text for each in said for text in each.texts if text})


def _spelled(
    names: list[str], days: list[str], file: Path
) -> tuple[npt.NDArray[np.uint8], Int32, Int32, Int32, Int32]:
    import jellyfish
    import pyarrow as pa

    letters, ends = buffers(pa.array([*names, *[""] * len(days)], pa.string()))
    sounds = [jellyfish.metaphone(name) for name in names]
    known = {sound: n for n, sound in enumerate(sorted(set(sounds) - {""}))}
    sound = np.full(len(names) + len(days), -1, np.int32)
    sound[: len(names)] = [
        known.get(each, -1) if len(name) > 1 else -1 for each, name in zip(sounds, names, strict=True)
    ]
    nick = np.full((len(names) + len(days), CLASSES), -1, np.int32)
    classes = nicknames(file)
    for n, name in enumerate(names):
        for place, each in enumerate(classes.get(name, ())[:CLASSES]):
            nick[n, place] = each
    date = np.zeros(len(names) + len(days), np.int32)
    date[len(names) :] = [int(day) for day in days]
    return letters, ends, sound, nick, date
