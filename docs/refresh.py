# ruff: noqa: INP001 - a program, started from the checkout
"""Writes the generated parts of the documents anew: tables, help texts, samples, shown output, the picture.

    python docs/refresh.py            # write what is stale, and say what was
    python docs/refresh.py --check    # write nothing; exit code 1 if anything is stale

Read the difference before keeping it: what changed here is what readers will notice.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from making.console import checked, desk  # noqa: E402
from making.documents import ROOT, blocks, documents, regions, replace  # noqa: E402
from making.sections import is_current, written  # noqa: E402
from pictures.draw import PICTURE, drawn  # noqa: E402


def main(*, write: bool) -> int:
    stale = []
    with tempfile.TemporaryDirectory(prefix="scvgraph-docs-") as folder:
        at = desk(Path(folder))
        for document in documents():
            changes = []
            for region in regions(document):
                fresh = written(region, at)
                if not is_current(region, fresh):
                    changes.append((region.first, region.last, fresh))
                    stale.append(f"{region.place}: {region.what}")
            found = [b for b in blocks(document) if b.language == "console" and b.run]
            for block, _, text in checked(at, found):
                changes.append((block.first, block.last, text))
                stale.append(f"{block.place}: shown output")
            if write and changes:
                replace(document, changes)
        picture = drawn(at.retail)
    if not PICTURE.exists() or PICTURE.read_text(encoding="utf-8") != picture:
        stale.append(str(PICTURE.relative_to(ROOT)))
        if write:
            PICTURE.write_text(picture, encoding="utf-8")
    sys.stdout.writelines(f"{place}\n" for place in stale)
    return int(bool(stale) and not write)


if __name__ == "__main__":
    sys.exit(main(write="--check" not in sys.argv[1:]))
