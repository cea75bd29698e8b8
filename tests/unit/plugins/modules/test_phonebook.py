"""Publishing: what is written, what is only told, and what is taken away again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import release
from ansible_collections.congvu.mail.plugins.modules import phonebook, site_release

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[4]
THEME = ROOT / "roles" / "phonebook" / "files" / "site"


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """Copy a registry, to be changed; outside Git, so without a commit."""
    return Path(shutil.copytree(ROOT / "inventories" / "haiduong" / "registry", tmp_path / "registry"))


@pytest.fixture
def publish(registry: Path, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Return what runs the module."""

    def run(day: str = "2026-11-22", *, check: bool = False) -> dict[str, Any]:
        own = {"registry": str(registry), "theme": str(THEME), "into": str(tmp_path / "site"), "as_of": day}
        more = {"address": "https://danhba.haiduong.gov.vn", "contact": "", "cache": None, "lang": "vi"}
        return phonebook.run({**own, **more}, check=check)

    return run


def host(tmp_path: Path, *, check: bool = False, state: str = "present") -> dict[str, Any]:
    """Put what was published in force as on a host of its own."""
    params = {"root": tmp_path / "host", "archive": tmp_path / "site" / phonebook.ARCHIVE, "state": state}
    return site_release.run(params, check=check)


def test_the_first_run_writes_all_and_the_second_nothing(
    publish: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    first = publish()
    number = first["files"]
    assert first["changed"]
    assert len(first["written"]) == phonebook.SAMPLE
    assert first["msg"].endswith(f" người có thẩm quyền, {number} tệp; {number} tệp thay đổi.")
    again = publish()
    assert (again["changed"], again["written"]) == (False, [])
    assert again["msg"].endswith("không có gì thay đổi.")
    assert host(tmp_path) == {"changed": True, "written": number}
    assert host(tmp_path) == {"changed": False, "written": 0}


def test_a_rehearsal_says_the_same_and_writes_nothing(publish: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    rehearsed = publish(check=True)
    assert not (tmp_path / "site").exists()
    assert rehearsed == publish()
    assert host(tmp_path, check=True)["changed"]
    assert not (tmp_path / "host").exists()


def test_a_later_day_changes_what_it_brings_and_no_more(publish: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    publish()
    host(tmp_path)
    later = publish("2027-01-01")
    assert 0 < len(later["written"]) < 30
    assert "co-quan/stttt.html" in later["written"], "a unit of it is renamed on that day"
    assert "co-quan/syt.html" not in later["written"]
    assert host(tmp_path)["written"] == len(later["written"])
    told = json.loads((tmp_path / "host" / "current" / "danh-ba.json").read_bytes())
    days = {agency["code"]: agency["updated"] for agency in told["agencies"]}
    assert (days["stttt"], days["syt"]) == ("2027-01-01", "2026-11-22")


def test_a_run_that_was_stopped_before_the_end_is_made_good(
    publish: Callable[..., dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()

    def stop(*_: object) -> list[str]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(release, "put", stop)
        with pytest.raises(KeyboardInterrupt):
            publish("2027-01-01")
    assert publish("2027-01-01")["changed"]
    host(tmp_path)
    assert release.current(tmp_path / "host") == release.current(tmp_path / "site")


def test_a_policy_that_publishes_no_more_takes_the_site_away(
    publish: Callable[..., dict[str, Any]], registry: Path, tmp_path: Path
) -> None:
    publish()
    host(tmp_path)
    policy = registry / "policy.yml"
    before, _, after = policy.read_text(encoding="utf-8").partition("directory_site:\n")
    policy.write_text(before + after.partition("\n\n")[2], encoding="utf-8")
    assert publish(check=True)["changed"]
    assert release.current(tmp_path / "site")
    gone = publish()
    assert (gone["changed"], gone["archive"]) == (True, "")
    assert list((tmp_path / "site").iterdir()) == []
    assert publish()["changed"] is False
    assert host(tmp_path, state="absent")["changed"]
    assert release.current(tmp_path / "host") == ""
