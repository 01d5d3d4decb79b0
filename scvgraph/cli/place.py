"""Where a command works: `--project` names a project file or its folder, else the nearest one upwards is taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scvgraph.errors import UsageError

if TYPE_CHECKING:
    from scvgraph.api import View
    from scvgraph.config.project import ChannelPolicy
    from scvgraph.store import Store

FILE_NAME = "scvgraph.toml"


def place_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --project and --store to a read command; pass both to `open_store`."""
    function = click.option(
        "--store", type=click.Path(path_type=Path), help="The store itself, instead of a project's."
    )(function)
    return click.option(
        "--project",
        "-C",
        type=click.Path(path_type=Path),
        help="Project file or its folder; default: the nearest one upwards.",
    )(function)


def json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--json", "as_json", is_flag=True, help="Print JSON of a stable shape (docs/commands.md)."
    )(function)


def project_path(given: Path | None) -> Path:
    """The project file meant. Raises UsageError where there is none."""
    if given is not None:
        return given
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE_NAME).exists():
            return folder / FILE_NAME
    raise UsageError(
        f"no {FILE_NAME} here or above; write one with `scvgraph init FILES...`, or name one with --project"
    )


def open_store(project: Path | None, store: Path | None) -> Store:
    """The store meant by --store, or by the project file."""
    from scvgraph.store import Store

    if store is not None:
        return Store.open(store)
    return Store.open(store_folder(project_path(project)))


def open_view(project: Path | None, store: Path | None) -> View:
    """A view of the store meant, under the rules of channels of its project where there is one."""
    from scvgraph.api import View, open_view

    if store is not None:
        return View(open_store(project, store))
    return open_view(project_path(project))


def channel_policy(project: Path | None, store: Path | None) -> ChannelPolicy | None:
    """The rules of channels of the project meant; None where only a store is."""
    if store is not None:
        return None
    from scvgraph.config import load

    return load(project_path(project), reading=True).channels


def store_folder(path: Path) -> Path:
    """The store's folder as a project file names it; reads no more of the file than that."""
    import tomllib

    place = path / FILE_NAME if path.is_dir() else path
    try:
        head = tomllib.loads(place.read_bytes().decode("utf-8-sig")).get("project", {})
        return place.parent.resolve() / str(head.get("store", ".scvgraph"))
    except FileNotFoundError:
        raise UsageError(f"no project file at {place}; write one with `scvgraph init FILES...`") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError) as error:
        raise UsageError(f"{place} is not a project file: {error}") from None
