"""What the directory keeps of a service's secret opens to that secret alone, and is the same at each run."""

from __future__ import annotations

from ansible_collections.congvu.mail.plugins.filter.secret_digest import secret_digest
from passlib.hash import ldap_salted_sha512

SECRET = "k3" * 20


def test_it_opens_to_the_secret_and_to_no_other() -> None:
    digest = secret_digest(SECRET, "webmail")
    assert ldap_salted_sha512.verify(SECRET, digest)
    assert not ldap_salted_sha512.verify(SECRET[:-1], digest)


def test_the_same_secret_of_the_same_account_gives_the_same() -> None:
    assert secret_digest(SECRET, "webmail") == secret_digest(SECRET, "webmail")
    assert secret_digest(SECRET, "webmail") != secret_digest(SECRET, "postfix")
