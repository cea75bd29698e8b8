"""The options that ``plan`` and ``apply`` share: how to reach the directory, and as whom."""

from __future__ import annotations

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


def access_settings(params: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of ``directory.Access`` as a module's parameters have them."""
    settings = {name: params[name] for name in DIRECTORY}
    paths = {name: Path(settings[name]) for name in ("ca_file", "password_file") if settings[name]}
    return {**settings, **paths}
