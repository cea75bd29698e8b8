"""What a stop asks of people: the override that it proposes, filled in as if somebody had reviewed it."""

from __future__ import annotations

import re
from pathlib import Path

DECISION, APPROVED_BY = "1/QĐ-UBND", "Nguyễn Văn Thử, Chánh Văn phòng"
REASON = "Như quyết định đã ban hành, đã đối chiếu từng dòng."


def approve(text: str, expires: object) -> Path:
    """Do as the text of a stopped plan says that an operator should; return the file that lets it pass.

    ``expires`` is the first day on which it lifts nothing any more.
    """
    place, form = re.search(r"(?:into|vào) (\S+); ", text), text.partition("---\n")[2].partition("\n\n")[0]
    assert place, text
    answers = {"decision": DECISION, "reason": REASON, "approved_by": APPROVED_BY, "expires": expires}
    for key, answer in answers.items():
        form = re.sub(rf"(?m)^{key}:.*$", f"{key}: {answer}", form)
    path = Path(place[1])
    path.parent.mkdir(exist_ok=True)
    path.write_text(form.rstrip("\n") + "\n", encoding="utf-8")
    return path
