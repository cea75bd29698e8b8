"""The registry that a file's tests are about: its ``ESTATE`` names it."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired
from ansible_collections.congvu.mail.plugins.module_utils.source import load

from .estates import INVENTORIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.congvu.mail.plugins.module_utils.model import Entry, Registry

    from .estates import On


@pytest.fixture(scope="module")
def estate(request: pytest.FixtureRequest) -> str:
    return str(request.module.ESTATE)


@pytest.fixture(scope="module")
def registry(estate: str) -> Registry:
    return load(INVENTORIES / estate / "registry")


@pytest.fixture(scope="module")
def on(registry: Registry) -> On:
    """Return the directory's entries of a day, by id."""

    @cache
    def entries(day: str) -> Mapping[str, Entry]:
        return compile_desired(registry, as_of=date.fromisoformat(day), commit="").entries

    return entries
