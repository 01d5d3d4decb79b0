"""The notebooks for analysts run from their first cell to their last, plots included."""

from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING

import pytest
from making.documents import ROOT

if TYPE_CHECKING:
    from making.console import Desk


@pytest.mark.parametrize("notebook", ["files_to_customers", "journeys_in_cypher", "over_merged"])
def test_notebook_runs_and_is_clean(at: Desk, notebook: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code cells run in order in a plain namespace, started in the project, without a screen; outputs are cleared."""
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="matplotlib is not installed")
    pyplot.switch_backend("Agg")
    monkeypatch.delenv("NEO4J_URI", raising=False)
    said = json.loads((ROOT / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in said["cells"] if cell["cell_type"] == "code"]
    space: dict[str, object] = {"__name__": "__main__"}
    with contextlib.chdir(at.retail), contextlib.redirect_stdout(io.StringIO()):
        for number, cell in enumerate(cells):
            assert cell["outputs"] == [], f"code cell {number} has outputs; clear them"
            assert cell["execution_count"] is None, f"code cell {number} has a count; clear it"
            exec(compile("".join(cell["source"]), f"{notebook}.ipynb, code cell {number}", "exec"), space)
    assert pyplot.get_fignums(), "no plot was drawn"
    pyplot.close("all")
