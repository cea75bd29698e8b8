"""Two configurations of slapd (slapd-config(5)), as LDIF, held against each other."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

# What slapd keeps of its own accord, or fills in with what is so anyway when it runs.
_OWN = frozenset(
    name.lower()
    for name in (
        *("entryUUID", "entryCSN", "contextCSN", "createTimestamp", "modifyTimestamp", "creatorsName", "modifiersName"),
        *("structuralObjectClass", "entryDN", "subschemaSubentry", "hasSubordinates", "olcConfigDir", "olcConfigFile"),
        "pwdChangedTime",
    )
)

# Of the schema that is built into slapd the running one tells, and no file.
_BUILT_IN = "cn=schema,cn=config"

Entries = dict[str, dict[str, tuple[str, ...]]]


def read(ldif: str) -> Entries:
    """Read entries by name; of each value no more than its digest, as some are secret."""
    entries: Entries = {}
    for paragraph in ldif.replace("\n ", "").split("\n\n"):
        dn, found = "", dict[str, list[str]]()
        for line in paragraph.splitlines():
            name, _, value = line.partition(":")
            if not name or line.startswith("#"):
                continue
            text = base64.b64decode(value[1:].strip()) if value.startswith(":") else value.strip().encode()
            if name == "dn":
                dn = text.decode(errors="replace")
            elif name.lower() not in _OWN:
                # slapd puts in and leaves out spaces between the words of a rule.
                digest = hashlib.sha256(b" ".join(text.split())).hexdigest()
                found.setdefault(name, []).append(digest)
        if dn:
            entries[dn.lower()] = {name: tuple(sorted(values)) for name, values in found.items()}
    return entries


def differences(running: str, built: str) -> list[dict[str, Any]]:
    """Tell which entries and attributes differ."""
    here, there = read(running), read(built)
    found: list[dict[str, Any]] = []
    for dn in sorted((here.keys() | there.keys()) - {_BUILT_IN}):
        if dn not in there or dn not in here:
            found.append({"dn": dn, "attributes": [], "where": "running" if dn in here else "file"})
            continue
        names = here[dn].keys() | there[dn].keys()
        differ = sorted(name for name in names if here[dn].get(name, ()) != there[dn].get(name, ()))
        if differ:
            found.append({"dn": dn, "attributes": differ, "where": "both"})
    return found
