"""A plan's comment in a merge request: composed of whole pages, and renewed in its place on a real server."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMENT = Path(__file__).parents[3] / "pipelines" / "comment"
MARK = "<!-- congvu: plan -->"


class Forge(BaseHTTPRequestHandler):
    """Keeps comments, as far as a pipeline uses them."""

    comments: dict[int, str]
    asked: list[tuple[str, str, str]]

    def _answer(self, said: object) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def _given(self) -> str:
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        token = self.headers["PRIVATE-TOKEN"] or self.headers["Authorization"]
        self.asked.append((self.command, self.path, token))
        return str(body["body"])

    def do_GET(self) -> None:
        """List the comments, a stranger's first."""
        self._answer([{"id": number, "body": body} for number, body in self.comments.items()])

    def do_POST(self) -> None:
        """Add one."""
        self.comments[9] = self._given()
        self._answer({"id": 9})

    def _replace(self) -> None:
        self.comments[int(self.path.rpartition("/")[2])] = self._given()
        self._answer({})

    def do_PUT(self) -> None:
        """Replace one, on GitLab."""
        self._replace()

    def do_PATCH(self) -> None:
        """Replace one, on Forgejo."""
        self._replace()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the parent's own name
        """Be silent."""


@contextmanager
def forge() -> Iterator[tuple[type[Forge], str]]:
    class Here(Forge):
        comments: dict[int, str] = {1: "Trông ổn."}  # noqa: RUF012 -- one for each test
        asked: list[tuple[str, str, str]] = []  # noqa: RUF012

    with HTTPServer(("127.0.0.1", 0), Here) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Here, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def review(tmp_path: Path) -> Path:
    folder = tmp_path / "review"
    (folder / "agencies").mkdir(parents=True)
    (folder / "plan.md").write_text("# Kế hoạch\n", encoding="utf-8")
    for code in ("snv", "stc"):
        (folder / "agencies" / f"{code}.md").write_text(f"Trang của {code}\n", encoding="utf-8")
    return folder


def comment(server: str, folder: Path, **env: str) -> str:
    whole = {"PATH": os.environ["PATH"], **env}
    done = subprocess.run([COMMENT, server, folder], env=whole, check=True, capture_output=True, text=True)  # noqa: S603 -- our own
    return done.stdout


def variables(server: str, address: str) -> dict[str, str]:
    if server == "gitlab":
        own = {"CI_PROJECT_ID": "7", "CI_MERGE_REQUEST_IID": "3", "CONGVU_COMMENT_TOKEN": "bi-mat"}
        return {"CI_API_V4_URL": address, **own}
    return {"GITHUB_API_URL": address, "GITHUB_REPOSITORY": "tinh/so", "PULL_REQUEST": "3", "TOKEN": "bi-mat"}


@pytest.mark.parametrize(
    ("server", "first", "second", "token"),
    [
        ("gitlab", "/projects/7/merge_requests/3/notes", ("PUT", "/projects/7/merge_requests/3/notes/9"), "bi-mat"),
        ("forgejo", "/repos/tinh/so/issues/3/comments", ("PATCH", "/repos/tinh/so/issues/comments/9"), "token bi-mat"),
    ],
)
def test_a_second_push_renews_the_comment_and_no_other(
    review: Path, server: str, first: str, second: tuple[str, str], token: str
) -> None:
    with forge() as (kept, address):
        assert comment(server, review, **variables(server, address)) == ""
        (review / "plan.md").write_text("# Kế hoạch khác\n", encoding="utf-8")
        comment(server, review, **variables(server, address))
    assert kept.asked == [("POST", first, token), (*second, token)]
    assert kept.comments[1] == "Trông ổn."
    assert kept.comments[9].startswith(f"{MARK}\n# Kế hoạch khác\n")
    assert "Trang của stc" in kept.comments[9]


def test_pages_that_do_not_fit_are_left_out_whole_and_counted(review: Path) -> None:
    (review / "agencies" / "snv.md").write_text("x" * 40_000, encoding="utf-8")
    (review / "agencies" / "stc.md").write_text("y" * 40_000, encoding="utf-8")
    text = comment("forgejo", review)
    assert "x" * 40_000 in text
    assert "yy" not in text
    assert "… và trang của 1 cơ quan nữa" in text
    assert len(text) < 65_536


def test_without_a_token_the_page_is_shown(review: Path) -> None:
    assert comment("gitlab", review).startswith(f"{MARK}\n# Kế hoạch\n")
