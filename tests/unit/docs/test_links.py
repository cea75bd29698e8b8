"""What the pages refer to is there: files, headings, playbooks, the Makefile's targets."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = sorted(
    page
    for place in ("*.md", "docs/**/*.md", "inventories/**/*.md", "roles/**/*.md", "molecule/**/*.md", "tests/**/*.md")
    for page in ROOT.glob(place)
)
IDS = [page.relative_to(ROOT).as_posix() for page in PAGES]
FENCE = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)", re.DOTALL)
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


def anchor(heading: str) -> str:
    """Return what a forge makes of a heading: small letters of any language, hyphens for spaces, no other signs."""
    said = LINK.sub(lambda link: link[0][1:].partition("]")[0], heading)
    return re.sub(r"[^\w\- ]", "", said.lower()).replace(" ", "-")


@cache
def anchors(page: Path) -> list[str]:
    return [anchor(heading) for heading in HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))]


def broken(page: Path, root: Path = ROOT) -> list[str]:
    """Return the relative links of a page that lead out of the repository, to no file, or to no heading in it."""
    links = LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    found = []
    for link in links:
        if re.match(r"[a-z]+:", link):
            continue
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        inside = target == root or root in target.parents
        if not inside or not target.exists() or (heading and heading not in anchors(target)):
            found.append(link)
    return found


def test_the_pages_are_there() -> None:
    assert {"README.md", "docs/README.md", "inventories/README.md", "roles/directory/README.md"} <= set(IDS)


def test_headings_are_named_as_a_forge_names_them() -> None:
    assert anchor("Hai cách làm việc với Thành phố") == "hai-cách-làm-việc-với-thành-phố"
    assert anchor("VS Code: the registry's own checks") == "vs-code-the-registrys-own-checks"
    assert anchor("8.1, `plan` and [apply](apply.md)") == "81-plan-and-apply"


def test_a_link_to_nothing_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    links = "[here](#one) [there](#two) [file](none.md) [out](../) [web](https://congvu.invalid/) [self](page.md#one)"
    page.write_text(f"# One\n{links}\n```\n# Two\n[code](none.md)\n```\n", encoding="utf-8")
    assert broken(page, tmp_path) == ["#two", "none.md", "../"]


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken(page) == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_playbook_and_target_that_is_named_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    playbooks = {
        path for path in re.findall(r"\bplaybooks/[\w/.-]+?\.(?:yml|j2)\b", text) if not (ROOT / path).exists()
    }
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    made = set(re.findall(r"(?:`|^(?:# )?)make ([a-z]+)\b", text, re.MULTILINE)) - set(targets)
    assert (playbooks, made) == (set(), set())


def test_every_playbook_is_in_the_tables_of_the_first_pages() -> None:
    for first in ("README.md", "README.vi.md"):
        text = (ROOT / first).read_text(encoding="utf-8")
        assert [book.name for book in ROOT.glob("playbooks/*.yml") if f"`{book.name}`" not in text] == []


@pytest.mark.parametrize("first", ["README.md", "README.vi.md"])
def test_every_role_and_module_is_in_the_tables_of_the_first_pages(first: str) -> None:
    text = (ROOT / first).read_text(encoding="utf-8")
    rooms = [role.name for role in ROOT.glob("roles/*") if role.is_dir()]
    modules = [module.stem for module in ROOT.glob("plugins/modules/*.py") if module.stem != "__init__"]
    assert [name for name in [*rooms, *modules] if f"`{name}`" not in text] == []


def test_the_tables_of_pages_name_every_page_of_the_documentation() -> None:
    front = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    pages = {page.resolve() for page in ROOT.glob("docs/**/*.md")} - {ROOT / "docs/README.md"}
    named = {(ROOT / "docs" / link.partition("#")[0]).resolve() for link in LINK.findall(front)}
    provinces = set(ROOT.glob("docs/explanation/provinces/*.md"))
    assert pages - named - provinces == set()
