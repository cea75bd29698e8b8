"""The address lock, read line by line where that can be done in one way alone.

``playbooks/allocate.yml`` writes a line for each address, sorted, without anything that YAML could take in another way.
A lock with fifty thousand of them is read so in a third of the time. Whatever is not laid out like that, and whatever
is wrong with it, is the YAML parser's to read and to tell.
"""

from __future__ import annotations

import re

from .assemble import AddressFile, address
from .layout import HOLDER
from .model import Address, Origin
from .policy import LOCAL
from .shape import NOTHING

# One address, or what YAML takes no notice of; the mark of a document stands in the first line alone.
_LINE = re.compile(rf"({LOCAL.pattern}): ({HOLDER.pattern})|(?:#[\t -~\u00a0-\u2027\u202a-\ud7ff]*)?")
_MARK = "---\n"
_LONGEST = 1024  # characters, up to which YAML takes what stands before a colon for a key


def address_file(file: str, content: bytes) -> AddressFile | None:
    """Return what a lock says, or None where it takes more than looking at each line for itself."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    domain = file.removeprefix("addresses/").removesuffix(".yml")
    lines: list[Address] = []
    before, at = "", f"@{domain}"
    marked = text.startswith(_MARK)
    for number, line in enumerate(text.removeprefix(_MARK).split("\n"), 2 if marked else 1):
        found = _LINE.fullmatch(line) if len(line) < _LONGEST else None
        if found is None:
            return None
        local, holder = found.groups()
        if local is None:
            continue
        each = address(local + at, holder, Origin(file, number))
        if local <= before or local in NOTHING or not isinstance(each, Address):
            return None
        lines.append(each)
        before = local
    return AddressFile(tuple(lines), complete=True) if lines else None
