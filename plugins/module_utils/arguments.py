"""The options that modules share: how to reach the directory and as whom, which registry, for which day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Documented in plugins/doc_fragments/directory.py.
DIRECTORY: Mapping[str, Mapping[str, Any]] = {
    "uri": {"type": "str", "required": True},
    "server_name": {"type": "str", "default": ""},
    "ca_file": {"type": "path"},
    "bind_dn": {"type": "str", "default": ""},
    "password_file": {"type": "path", "no_log": False},
    "timeout": {"type": "int", "default": 30},
}

# Documented in plugins/doc_fragments/registry.py.
REGISTRY: Mapping[str, Mapping[str, Any]] = {"registry": {"type": "path", "required": True}}
AS_OF: Mapping[str, Mapping[str, Any]] = {"as_of": {"type": "str"}}
CACHE: Mapping[str, Mapping[str, Any]] = {"cache": {"type": "path"}}
LANG: Mapping[str, Mapping[str, Any]] = {"lang": {"type": "str", "choices": ["en", "vi"], "default": "en"}}


def access_settings(params: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of ``directory.Access`` as a module's parameters have them."""
    settings = {name: params[name] for name in DIRECTORY}
    paths = {name: Path(settings[name]) for name in ("ca_file", "password_file") if settings[name]}
    return {**settings, **paths}


def civil_day(text: str | None) -> date | None:
    """Read the option ``as_of``; nothing is today, which only the registry's time zone can tell."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        message = f"as_of: '{text}' is not a day: write it as year-month-day."
        raise ValueError(message) from error
