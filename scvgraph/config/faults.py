"""Collects every fault of a project file, each with its line, its key and what to do about it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

_MISSING: Any = object()


class Faults:
    """The faults found so far; `at` finds the line of a dotted key in the file's text."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self.found: list[str] = []

    def add(self, key: str, message: str) -> None:
        line = self.line(key)
        place = f"line {line}, {key}" if line else key
        self.found.append(f"{place}: {message}")

    def line(self, key: str) -> int | None:
        """Line number of the innermost part of a dotted key that stands in the file.

        TOML parsers give no positions, so this looks for the table header and then the key below it.
        """
        parts = key.split(".")
        for depth in range(len(parts), 0, -1):
            header = r"\s*\.\s*".join(rf'["\']?{re.escape(p)}["\']?' for p in parts[:depth])
            start = self._find(rf"^\s*\[\s*{header}\s*\]", 0)
            if start is None:
                continue
            if depth == len(parts):
                return start + 1
            inner = self._find(
                rf'^\s*["\']?{re.escape(parts[depth])}["\']?\s*(=|\.)', start + 1, stop=r"^\s*\["
            )
            return (inner if inner is not None else start) + 1
        top = self._find(rf'^\s*["\']?{re.escape(parts[0])}["\']?\s*(=|\.)', 0)
        return None if top is None else top + 1

    def _find(self, pattern: str, start: int, stop: str | None = None) -> int | None:
        for number in range(start, len(self._lines)):
            if re.match(pattern, self._lines[number]):
                return number
            if stop is not None and re.match(stop, self._lines[number]):
                return None
        return None


class Section:
    """One table of the project file: hands out checked values, notes what is wrong, never raises.

    Keys nobody asked for are faults too (`close`), with the nearest known key as a suggestion.
    """

    def __init__(self, faults: Faults, path: str, values: Any) -> None:
        self.path = path
        self._faults = faults
        self._known: list[str] = []
        self._values: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
        if not isinstance(values, Mapping):
            faults.add(path, "must be a table of keys; write it as [" + path + "]")

    def fault(self, key: str, message: str) -> None:
        self._faults.add(f"{self.path}.{key}" if self.path else key, message)

    def raw(self, key: str, default: Any = None) -> Any:
        self._known.append(key)
        return self._values.get(key, default)

    def has(self, key: str) -> bool:
        return key in self._values

    def names(self) -> list[str]:
        return list(self._values)

    def section(self, key: str) -> Section:
        value = self.raw(key, {})
        return Section(self._faults, f"{self.path}.{key}" if self.path else key, value)

    def text(self, key: str, default: Any = None, *, choices: Collection[str] | None = None) -> Any:
        value = self.raw(key, _MISSING)
        if value is _MISSING:
            return default
        if not isinstance(value, str) or not value.strip():
            self.fault(key, "must be text in quotes")
            return default
        if choices is not None and value not in choices:
            near = difflib.get_close_matches(value, choices, 1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            self.fault(key, f"'{value}' is none of {', '.join(sorted(choices))}{hint}")
            return default
        return value

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """One text or a list of texts."""
        value = self.raw(key, _MISSING)
        if value is _MISSING:
            return default
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not values or not all(isinstance(v, str) and v for v in values):
            self.fault(key, "must be text in quotes, or a list of such texts")
            return default
        return tuple(values)

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.raw(key, default)
        if not isinstance(value, bool):
            self.fault(key, "must be true or false")
            return default
        return value

    def whole(self, key: str, default: int, check: Callable[[int], bool], rule: str) -> int:
        value = self.raw(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not check(value):
            self.fault(key, f"must be {rule}")
            return default
        return value

    def number(self, key: str, default: float, check: Callable[[float], bool], rule: str) -> float:
        value = self.raw(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not check(float(value)):
            self.fault(key, f"must be {rule}")
            return default
        return float(value)

    def close(self) -> None:
        """Note every key that nothing asked for."""
        for key in self._values:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, 1)
                hint = (
                    f"did you mean '{near[0]}'?"
                    if near
                    else "known here: " + ", ".join(sorted(set(self._known)))
                )
                self.fault(key, f"is not a key of this table; {hint}")
