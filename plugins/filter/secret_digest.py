"""Filter ``congvu.mail.secret_digest``: what a directory keeps of a secret that a program has drawn."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENTATION = """
name: secret_digest
author: The congvu.mail engineers
version_added: 0.1.0
short_description: What a directory keeps of a secret that a program has drawn
description:
  - A password that people choose is kept under a digest that is slow on purpose, because it can be guessed. A secret of
    forty random characters cannot, however fast its digest is; and a service signs in with it at every turn.
  - The salt is made of the account and the secret, so that the same secret gives the same digest, and a second run
    changes nothing.
options:
  _input:
    type: str
    required: true
    description: The secret.
  account:
    type: str
    required: true
    description: Whose it is.
"""

EXAMPLES = """
- community.general.ldap_attrs:
    dn: cn=webmail,ou=services,dc=example,dc=gov,dc=vn
    attributes:
      userPassword: "{{ secret_ldap_webmail | congvu.mail.secret_digest('webmail') }}"
    state: exact
"""

RETURN = """
_value:
  type: str
  description: C({SSHA512}) and the digest with its salt, as OpenLDAP's module pw-sha2 reads it.
"""

SALT = 16  # bytes


def secret_digest(secret: str, account: str) -> str:
    """Digest a secret with SHA-512, salted."""
    salt = hashlib.sha256(f"{account}\0{secret}".encode()).digest()[:SALT]
    digest = hashlib.sha512(secret.encode() + salt).digest()
    return "{SSHA512}" + base64.b64encode(digest + salt).decode()


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Callable[..., object]]:
        """Name the filter."""
        return {"secret_digest": secret_digest}
