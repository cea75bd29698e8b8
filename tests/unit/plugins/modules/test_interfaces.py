"""What a module's documentation says of its options is what the module takes."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

COLLECTION = "ansible_collections.congvu.mail.plugins"
MODULES = sorted(
    path
    for path in (Path(__file__).parents[4] / "plugins" / "modules").glob("*.py")
    if path.stem not in ("end_sessions", "handover", "handover_notices", "purge", "rehearsal", "show")
)
IMPLIED = {"required": False, "no_log": None}
SAID = ("type", "elements", "default", "choices", "required")


class Asked(Exception):  # noqa: N818 -- no error: how a test learns what a module takes
    """A module has named its options."""


def specified(module: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    found = import_module(f"{COLLECTION}.modules.{module}")

    def ask(argument_spec: dict[str, Any], **_: object) -> None:
        raise Asked(argument_spec)

    monkeypatch.setattr(found, "AnsibleModule", ask)
    with pytest.raises(Asked) as asked:
        found.main()
    spec: dict[str, Any] = asked.value.args[0]
    return spec


def documented(module: str) -> dict[str, Any]:
    """Return the options of a module and of the fragments that it takes in: `congvu.mail.registry.as_of` is AS_OF."""
    said = yaml.safe_load(import_module(f"{COLLECTION}.modules.{module}").DOCUMENTATION)
    options: dict[str, Any] = {}
    for name in said.get("extends_documentation_fragment", ()):
        file, _, part = name.removeprefix("congvu.mail.").partition(".")
        fragment = import_module(f"{COLLECTION}.doc_fragments.{file}").ModuleDocFragment
        options |= yaml.safe_load(getattr(fragment, part.upper() or "DOCUMENTATION"))["options"]
    options |= said.get("options", {})
    return options


def shared(options: dict[str, Any], within: str) -> dict[str, Any]:
    """Return of a documentation or a specification what both say."""
    return {
        name: {
            **{key: option.get(key, IMPLIED.get(key)) for key in SAID},
            "within": shared(option.get(within) or {}, within),
        }
        for name, option in options.items()
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_the_documentation_says_what_the_module_takes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shared(documented(path.stem), "suboptions") == shared(specified(path.stem, monkeypatch), "options")
