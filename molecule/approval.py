"""What a stop asks of people: the override that it proposes, filled in as if somebody had reviewed it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def approve(text: str, day: date) -> Path:
    """Do as the text of a stopped plan for a day says that an operator should; return the file that lets it pass."""
    place, form = re.search(r"into (\S+); then type: ", text), text.partition("---\n")[2].partition("\n\n")[0]
    assert place, text
    answers = {
        "decision": "1/QĐ-UBND",
        "reason": "Như quyết định đã ban hành, đã đối chiếu từng dòng.",
        "approved_by": "Nguyễn Văn Thử, Chánh Văn phòng",
        "expires": str(day + timedelta(days=7)),
    }
    for key, answer in answers.items():
        form = re.sub(rf"(?m)^{key}:.*$", f"{key}: {answer}", form)
    path = Path(place[1])
    path.parent.mkdir(exist_ok=True)
    path.write_text(form.rstrip("\n") + "\n", encoding="utf-8")
    return path
