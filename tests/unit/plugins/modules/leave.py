"""What people write into the override that a stop offers them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE = "overrides/dien-tap.yml"


def fill_in(text: str, registry: Path, expires: str) -> None:
    """Put what stands below the dashes of a stop into the registry, with its blanks filled in."""
    blank = text.partition("---\n")[2].partition("\n\n")[0]
    said = {"decision": "12/QĐ", "reason": "Diễn tập", "approved_by": "Nguyễn Văn An", "expires": expires}
    for key, value in said.items():
        blank = re.sub(rf"^{key}:.*$", f"{key}: {value}", blank, flags=re.MULTILINE)
    path = registry / FILE
    path.parent.mkdir(exist_ok=True)
    path.write_text(blank.rstrip("\n") + "\n", encoding="utf-8")
