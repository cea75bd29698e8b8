"""How answers of hosts are read: what nobody could look at, or nobody understands, is silence."""

from __future__ import annotations

from typing import Any, cast

import dns.message
import dns.rrset
import pytest
from ansible_collections.congvu.mail.plugins.module_utils.controls import Check
from ansible_collections.congvu.mail.plugins.module_utils.inquiry import Asked, Inquiry, command

AT = "2026-11-22T07:00:00+00:00"


def check(ask: dict[str, Any], kind: str = "command", *, exits: bool = False) -> Check:
    return Check("Điều phải đúng", kind, ask, "said", "{{ said }}", good=True, bad=False, exits=exits)


def asked(one: Check, *, silent: str = "", **answer: object) -> Any:  # noqa: ANN401 -- whatever came back
    """Ask a host that answers so."""
    said = {"exit": 0, "out": "", "err": "", "at": AT, "failed": "", **answer}
    host = Asked("mail", "192.0.2.10", ("store",), {} if silent else {command(one, {}).id: said}, silent)
    inquiry = Inquiry([host, Asked("web", "", ("webmail",))], cast("Any", {}), {}, None, {})
    (found,) = inquiry(one)
    assert found.where == "mail"
    return found


@pytest.mark.parametrize(
    ("reads", "out", "said"),
    [
        ("text", " active \n", "active"),
        ("lines", "a b\n\nc\n", ["a b", "c"]),
        ("words", "a b\nc\n", ["a", "b", "c"]),
        ("number", "12\n", 12),
        ("number", "1.5\n", 1.5),
        ("json", '[{"unit": "x"}]', [{"unit": "x"}]),
    ],
)
def test_an_answer_is_read_as_the_control_says(reads: str, out: str, said: object) -> None:
    assert asked(check({"group": "store", "argv": ["x"], "reads": reads}), out=out).said == said


@pytest.mark.parametrize(
    ("argv", "answer"),
    [
        (["doveconf"], {"exit": -1, "failed": "máy chủ không có lệnh doveconf"}),
        (["sh", "-c", "test -d /var/vmail || exit 127"], {"exit": 127}),
        (["systemctl", "is-active", "dovecot"], {"exit": 4, "out": "inactive\n"}),
        (["df"], {"out": "no number", "reads": "number"}),
    ],
    ids=["no such command", "nothing to look at", "no such unit", "not understood"],
)
def test_what_is_not_there_or_not_understood_is_silence(argv: list[str], answer: dict[str, Any]) -> None:
    reads = answer.pop("reads", "text")
    assert asked(check({"group": "store", "argv": argv, "reads": reads}, exits=True), **answer).silent


def test_a_host_out_of_reach_is_silent_for_its_own_reason() -> None:
    assert asked(check({"group": "store", "argv": ["x"]}), silent="không kết nối được").silent == "không kết nối được"


def test_a_command_that_fails_is_an_answer_with_its_words() -> None:
    found = asked(check({"group": "store", "argv": ["x"]}), exit=1, err="hỏng")
    assert (found.exit, found.said, found.silent) == (1, "hỏng", "")


def test_a_question_of_dns_is_put_and_read_in_its_own_language() -> None:
    one = check({"group": "store", "name": "example.vn", "type": "TXT"}, "dns")
    answer = dns.message.make_response(dns.message.from_wire(bytes.fromhex(command(one, {}).argv[-1])[2:]))
    answer.answer.append(dns.rrset.from_text("example.vn.", 30, "IN", "TXT", '"v=spf1 " "-all"'))
    found = asked(one, out=answer.to_wire().hex())
    assert found.said == {"records": ["v=spf1 -all"], "validated": False, "code": "NOERROR"}
    assert found.asked == "DNS: example.vn TXT"


def test_input_is_put_together_from_its_lines() -> None:
    one = check({"group": "store", "argv": ["cat"], "input": r"From: a\n To: b\n\n Xin chào."})
    assert command(one, {}).input == "From: a\nTo: b\n\nXin chào."


@pytest.mark.parametrize(("kind", "port"), [("smtp", 25), ("web", 443), ("stranger", 636)])
def test_a_server_that_cannot_be_spoken_to_is_silent(kind: str, port: int) -> None:
    asks = {"smtp": {"recipient": "a@example.vn"}, "web": {"path": "/"}, "stranger": {"base": "dc=vn"}}
    inquiry = Inquiry([Asked("mail", "", ("mx",))], cast("Any", {}), {}, None, {})
    (found,) = inquiry(check({"group": "mx", **asks[kind]}, kind))
    assert found.silent
    assert f"mail:{port}" in found.asked
