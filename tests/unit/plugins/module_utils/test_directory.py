"""What the directory answers becomes a fate or an error with a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.congvu.mail.plugins.module_utils import directory as module
from ansible_collections.congvu.mail.plugins.module_utils.directory import (
    Access,
    Add,
    DeniedError,
    DirectoryError,
    Fate,
    LdapDirectory,
    Modify,
    Record,
    Remove,
    Rename,
    TruncatedError,
    UnreachableError,
    Write,
)
from ldap3.core.exceptions import LDAPSessionTerminatedByServerError

if TYPE_CHECKING:
    from pathlib import Path

BASE = "ou=agencies,dc=vn"
CSN = "20261121083000.000000Z#000000#000#000000"


class Server:
    """Answers like an ldap3 connection: each call takes the next of the answers."""

    def __init__(self, *answers: tuple[dict[str, Any], list[dict[str, Any]]] | Exception) -> None:
        """Take (result, response) pairs, or what is raised instead."""
        self.answers = list(answers)
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.result: dict[str, Any] = {}
        self.response: list[dict[str, Any]] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - stands for any operation
        """Answer an operation."""

        def operation(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401
            self.calls.append((name, args, kwargs))
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            self.result, self.response = answer

        return operation


def result(code: int, description: str = "success", message: str = "", **more: object) -> dict[str, Any]:
    """Make a result as ldap3 gives it."""
    return {"result": code, "description": description, "message": message, **more}


def found(dn: str, children: bool = False, **attributes: list[bytes]) -> dict[str, Any]:  # noqa: FBT001, FBT002
    """Make a search entry as ldap3 gives it."""
    raw = {"entryUUID": [b"u"], "entryCSN": [CSN.encode()], "hasSubordinates": [b"TRUE" if children else b"FALSE"]}
    return {"type": "searchResEntry", "dn": dn, "raw_attributes": {**raw, **attributes}}


def connected(*answers: tuple[dict[str, Any], list[dict[str, Any]]] | Exception) -> tuple[LdapDirectory, Server]:
    """Make a directory behind such a server."""
    server = Server(*answers)
    return LdapDirectory(server, "ldaps://x"), server  # type: ignore[arg-type]


def test_a_tree_is_read_page_by_page_with_raw_values() -> None:
    cookie = {"1.2.840.113556.1.4.319": {"value": {"cookie": b"more"}}}
    directory, server = connected(
        (result(0, controls=cookie), [found(BASE, children=True)]),
        (result(0), [found(f"ou=snv,{BASE}", ou=[b"snv"], extra=[b"not asked for"])]),
    )
    records = directory.read_tree(BASE, ["ou"])
    assert records == [Record(BASE, "u", CSN, {}), Record(f"ou=snv,{BASE}", "u", CSN, {"ou": (b"snv",)})]
    assert server.calls[1][2]["paged_cookie"] == b"more"
    assert "userPassword" not in server.calls[0][2]["attributes"]


def test_a_tree_that_is_not_there_is_empty() -> None:
    assert connected((result(32, "noSuchObject"), []))[0].read_tree(BASE, ["ou"]) == []


@pytest.mark.parametrize(
    "answer",
    [
        (result(4, "sizeLimitExceeded"), [found(BASE)]),
        (result(11, "adminLimitExceeded"), [found(BASE)]),
        (result(0), [found(BASE, children=True)]),
        (result(0), [found(BASE, children=True), found(f"ou=snv,{BASE}", children=True)]),
        (result(0), [found(BASE, children=True), found(f"uid=a,ou=snv,{BASE}")]),
        (result(0), [found(f"ou=snv,{BASE}")]),
    ],
    ids=["size limit", "admin limit", "empty top", "empty unit", "no superior", "no top"],
)
def test_a_tree_that_is_not_shown_whole_is_refused(answer: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
    with pytest.raises(TruncatedError):
        connected(answer)[0].read_tree(BASE, ["ou"])


@pytest.mark.parametrize(
    ("write", "answer", "fate"),
    [
        (Add(f"ou=a,{BASE}", {}), result(0), Fate.DONE),
        (Add(f"ou=a,{BASE}", {}), result(68, "entryAlreadyExists"), Fate.STALE),
        (Add(f"ou=a,{BASE}", {}), result(32, "noSuchObject"), Fate.REFUSED),
        (Modify(f"ou=a,{BASE}", CSN, {}), result(122, "assertionFailed"), Fate.STALE),
        (Modify(f"ou=a,{BASE}", CSN, {}), result(32, "noSuchObject"), Fate.STALE),
        (Modify(f"ou=a,{BASE}", CSN, {}), result(19, "constraintViolation", "mail is taken."), Fate.REFUSED),
        (Rename(f"ou=a,{BASE}", CSN, f"ou=b,{BASE}"), result(68, "entryAlreadyExists"), Fate.REFUSED),
        (Remove(f"ou=a,{BASE}", CSN), result(66, "notAllowedOnNonLeaf"), Fate.REFUSED),
    ],
)
def test_an_answer_becomes_a_fate(write: Write, answer: dict[str, Any], fate: Fate) -> None:
    (outcome,) = connected((answer, []))[0].write([write])
    assert outcome.fate is fate
    assert bool(outcome.message) is (fate is not Fate.DONE)


def test_a_refusal_keeps_the_server_s_words_and_code() -> None:
    answer = result(19, "constraintViolation", "some attributes not unique.")
    (outcome,) = connected((answer, []))[0].write([Add(BASE, {})])
    assert outcome.message == "The directory refused: constraintViolation (19), some attributes not unique."


def test_a_write_tells_the_entry_csn_that_it_left() -> None:
    read = {"1.3.6.1.1.13.2": {"value": {"result": {"entryCSN": [CSN]}}}}
    (outcome,) = connected((result(0, controls=read), []))[0].write([Modify(BASE, "old", {})])
    assert outcome.csn == CSN


def test_the_assertion_is_a_filter_in_ber() -> None:
    control = module._assertion("20261121")  # noqa: SLF001 - the bytes on the wire are the contract
    assert bytes(control["controlValue"]) == b"\xa3\x14\x04\x08entryCSN\x04\x0820261121"
    assert bool(control["criticality"])


@pytest.mark.parametrize(
    ("new_dn", "own", "superior"),
    [(f"ou=b,{BASE}", "ou=b", None), (f"uid=a,ou=stc,{BASE}", "uid=a", f"ou=stc,{BASE}")],
)
def test_a_move_names_a_new_superior_only_where_there_is_one(new_dn: str, own: str, superior: str | None) -> None:
    directory, server = connected((result(0), []))
    directory.write([Rename(f"ou=a,{BASE}", CSN, new_dn)])
    _, args, kwargs = server.calls[0]
    assert (args[1], kwargs["new_superior"]) == (own, superior)


def test_a_connection_that_breaks_is_an_error_and_no_fate() -> None:
    directory, _ = connected(LDAPSessionTerminatedByServerError("gone"))
    with pytest.raises(UnreachableError, match="Check that slapd runs"):
        directory.write([Add(BASE, {})])


@pytest.mark.parametrize(
    ("access", "error", "words"),
    [
        ({"uri": "ldap://x"}, UnreachableError, "in the clear"),
        ({"uri": "ldaps://x"}, DeniedError, "anonymous"),
        ({"uri": "ldaps://x", "bind_dn": "cn=a"}, DeniedError, "anonymous"),
        ({"uri": "ldaps://x", "bind_dn": "cn=a", "password_file": "none"}, DeniedError, "none: No such file"),
        ({"uri": "ldaps://x", "bind_dn": "cn=a", "ca_file": "none"}, DeniedError, "No such file"),
        ({"uri": "ldapi://%2Fnone%2Fldapi"}, UnreachableError, "Check that slapd runs"),
    ],
)
def test_what_cannot_work_is_said_with_a_remedy(
    tmp_path: Path, access: dict[str, Any], error: type[DirectoryError], words: str
) -> None:
    paths = {name: tmp_path / access[name] for name in ("password_file", "ca_file") if name in access}
    with pytest.raises(error, match=words) as raised:
        LdapDirectory.connect(Access(**(access | paths)))
    assert raised.value.remedy
