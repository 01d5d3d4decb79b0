"""The ledger: what was seen. Append-only Parquet segments and one manifest that says which of them count.

Invariant: a segment is never changed once the manifest names it; a segment the manifest does not name does
not exist. So a batch is taken in whole by one rename of the manifest, and a killed run leaves only litter.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from scvgraph.store.atomic import ASIDE, damaged, read_json, sync_tree, write_json

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file taken in. `mapping` is the fingerprint of how its source was declared then; `retired` is the batch
    since which its rows count no more, because the same file was read again under another declaration; 0 for never.
    """

    number: int
    batch: int
    source: str
    file: str
    sha256: str
    mapping: str
    rows_read: int
    rows_added: int
    rows_refused: int
    rows_known: int
    values_refused: int
    retired: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows of one file of one source from one batch, in one Parquet file.

    Columns: file, key, ts, kind, channel, campaign, value, converted, traits by name, and one INTEGER
    column i0, i1 ... per entry of `identifiers` (kind, source column) holding numbers of spellings.
    A row's number is `first_row` plus its position in the file.
    """

    path: str
    batch: int
    source: str
    shape: str
    keyed: bool
    first_row: int
    rows: int
    identifiers: tuple[tuple[str, str], ...]
    traits: tuple[str, ...]
    file: int = 0


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What became of one kind's spellings under one set of options: a Parquet file (spelling, identifier, fault,
    placeholder) of those that are not, as they stand, the cleaned identifier. Covers the spellings numbered below
    `upto`; later ones are in a later file.
    """

    kind: str
    options: str
    upto: int
    path: str


def file_of(reject: str) -> int:
    """The number of the file that a part of `rejects` speaks of, which ends its name."""
    return int(reject.rpartition("-")[2].removesuffix(".parquet"))


@dataclass(frozen=True, slots=True)
class Ledger:
    """The manifest. `spellings` are Parquet files (no, kind, raw): every distinct raw value with its number,
    given once and for ever; `rejects` are Parquet files of table `rejects`, `aside` the cleaning
    options under which values stand in them; `superseded` are Parquet files (row)
    of rows that a later version of the same key has replaced; `decisions` are Parquet files of table `decisions`;
    `repeated` are Parquet files (row) of rows without a key that count no more because a file they stand in was read
    again under another declaration; `declarations` say how sources were declared, by `FileEntry.mapping`;
    `profiles` are Parquet files (row, no) of rows that tell of a person and the spelling that stands for each, for the
    batches up to `profiled`.
    """

    folder: Path
    batch: int = 0
    next_row: int = 0
    next_spelling: int = 0
    files: tuple[FileEntry, ...] = ()
    segments: tuple[Segment, ...] = ()
    spellings: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()
    aside: str = ""
    superseded: tuple[str, ...] = ()
    cleaned: tuple[Cleaning, ...] = ()
    decisions: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    declarations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    profiles: tuple[str, ...] = ()
    profiled: int = 0

    @classmethod
    def read(cls, folder: Path) -> Ledger:
        manifest = folder / "ledger.json"
        if not manifest.exists():
            return cls(folder)
        said = read_json(manifest)
        try:
            return cls._of(folder, said)
        except (KeyError, TypeError) as error:
            raise damaged(manifest, repr(error)) from None

    @classmethod
    def _of(cls, folder: Path, said: dict[str, Any]) -> Ledger:
        return cls(
            folder=folder,
            batch=said["batch"],
            next_row=said["next_row"],
            next_spelling=said["next_spelling"],
            files=tuple(FileEntry(**entry) for entry in said["files"]),
            segments=tuple(
                Segment(
                    **{
                        **part,
                        "identifiers": tuple(tuple(pair) for pair in part["identifiers"]),
                        "traits": tuple(part["traits"]),
                    }
                )
                for part in said["segments"]
            ),
            spellings=tuple(said["spellings"]),
            rejects=tuple(said["rejects"]),
            aside=said.get("aside", ""),
            superseded=tuple(said["superseded"]),
            cleaned=tuple(Cleaning(**part) for part in said["cleaned"]),
            decisions=tuple(said.get("decisions", ())),
            repeated=tuple(said.get("repeated", ())),
            declarations=said.get("declarations", {}),
            profiles=tuple(said.get("profiles", ())),
            profiled=said.get("profiled", 0),
        )

    def path(self, relative: str) -> Path:
        return self.folder / relative

    def new_batch_folder(self) -> Path:
        """An empty folder for the next batch."""
        fresh = self.folder / f"{self.batch + 1:06d}"
        fresh.mkdir()
        return fresh

    def sweep(self) -> None:
        """Take away what a killed run left: folders of batches this manifest knows nothing of, a manifest not renamed."""
        for litter in self.folder.iterdir():
            if litter.is_dir() and litter.name.isdigit() and int(litter.name) > self.batch:
                shutil.rmtree(litter)
            elif litter.name.endswith(ASIDE):
                litter.unlink()

    def commit(self, batch_folder: Path) -> None:
        """Make this manifest the ledger's, its batch's files being whole on the disk first."""
        sync_tree(batch_folder)
        write_json(
            self.folder / "ledger.json",
            {
                "batch": self.batch,
                "next_row": self.next_row,
                "next_spelling": self.next_spelling,
                "files": [asdict(entry) for entry in self.files],
                "segments": [asdict(segment) for segment in self.segments],
                "spellings": list(self.spellings),
                "rejects": list(self.rejects),
                "aside": self.aside,
                "superseded": list(self.superseded),
                "cleaned": [asdict(part) for part in self.cleaned],
                "decisions": list(self.decisions),
                "repeated": list(self.repeated),
                "declarations": self.declarations,
                "profiles": list(self.profiles),
                "profiled": self.profiled,
            },
        )

    def upto(self, batch: int, sources: Collection[str] | None = None) -> Ledger:
        """The ledger as a generation saw it: batches up to one, of the sources then declared (None: of all)."""

        def early(paths: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(path for path in paths if int(path.split("/")[0]) <= batch)

        def counts(part: FileEntry | Segment) -> bool:
            return part.batch <= batch and (sources is None or part.source in sources)

        return replace(
            self,
            batch=batch,
            files=tuple(
                replace(f, retired=f.retired if f.retired <= batch else 0) for f in self.files if counts(f)
            ),
            segments=tuple(segment for segment in self.segments if counts(segment)),
            spellings=early(self.spellings),
            rejects=early(self.rejects),
            superseded=early(self.superseded),
            cleaned=tuple(part for part in self.cleaned if early((part.path,))),
            decisions=early(self.decisions),
            repeated=early(self.repeated),
            profiles=early(self.profiles),
        )

    @property
    def current_files(self) -> frozenset[int]:
        """Numbers of the files as they stand now: of each name the version read last."""
        newest = {(entry.source, entry.file): entry.number for entry in self.files if not entry.retired}
        return frozenset(newest.values())

    def current_rejects(self) -> tuple[str, ...]:
        """The parts of `rejects` that speak of files as they stand now."""
        current = self.current_files
        return tuple(part for part in self.rejects if file_of(part) in current)

    @property
    def retired_files(self) -> tuple[int, ...]:
        return tuple(entry.number for entry in self.files if entry.retired)
