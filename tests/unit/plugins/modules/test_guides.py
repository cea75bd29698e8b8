"""Writing the guides: what is written, what is only told, and what stays as it is."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.congvu.mail.plugins.modules import guides, site_release

ROOT = Path(__file__).parents[4]


@pytest.fixture
def params(tmp_path: Path) -> dict[str, Any]:
    """Return the options of a run with copies of a registry and of two guides."""
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "README.md").write_text("# Hướng dẫn\n\n- [Cán bộ](can-bo.md)\n\n{{ webmail }}\n", encoding="utf-8")
    (pages / "can-bo.md").write_text("# Cán bộ\n\nGiữ {{ retention }} ngày{{ theo('retention') }}.\n", encoding="utf-8")
    return {
        "registry": shutil.copytree(ROOT / "inventories/haiduong/registry", tmp_path / "registry"),
        "pages": pages,
        "theme": ROOT / "roles/webmail/files/guides",
        "into": tmp_path / "site",
        "service": {
            "title": "Tỉnh Hải Dương",
            "webmail": "webmail.haiduong.gov.vn",
            "imap": "imap.haiduong.gov.vn",
            "imap_port": 993,
            "submission": "smtp.haiduong.gov.vn",
            "submission_port": 465,
            "directory": "",
            "letter": 31457280,
            "session": 60,
        },
    }


def test_the_first_run_writes_all_and_the_second_nothing(params: dict[str, Any], tmp_path: Path) -> None:
    rehearsed = guides.run(params, check=True)
    assert not (tmp_path / "site").exists()
    assert rehearsed == guides.run(params, check=False)
    assert rehearsed["written"] == ["can-bo.html", "index.html"]
    again = guides.run(params, check=False)
    assert (again["changed"], again["written"]) == (False, [])
    host = {"root": tmp_path / "host", "archive": rehearsed["archive"], "state": "present"}
    assert site_release.run(host, check=False) == {"changed": True, "written": 2}
    page = (tmp_path / "host/current/can-bo.html").read_text(encoding="utf-8")
    assert "Giữ 365 ngày (Điều 5.2)." in page


def test_a_policy_that_changes_changes_the_pages_that_tell_it(params: dict[str, Any]) -> None:
    guides.run(params, check=False)
    policy = params["registry"] / "policy.yml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace("HD Điều 5.2\n  days: 365", "HD Điều 5.2\n  days: 730"), encoding="utf-8")
    assert guides.run(params, check=False)["written"] == ["can-bo.html"]


def test_a_guide_that_leads_nowhere_leaves_the_site_as_it_was(params: dict[str, Any]) -> None:
    guides.run(params, check=False)
    (params["pages"] / "can-bo.md").write_text("# Cán bộ\n\n[x](nowhere.md)\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"can-bo\.md: nowhere\.html leads nowhere"):
        guides.run(params, check=False)
    assert (params["into"] / "current/can-bo.html").exists()
