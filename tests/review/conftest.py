from __future__ import annotations

from datetime import datetime

import pytest


@pytest.fixture
def utc() -> datetime:
    """A time as answers carry it: in UTC, without a zone."""
    return datetime.fromisoformat("2026-05-01T12:00:00")
