from __future__ import annotations

import pytest
from shop import Shop


@pytest.fixture
def shop(tmp_path):
    """A fresh project folder with one events source."""
    return Shop(tmp_path)
