"""Documentation of the options that reach the directory."""

from __future__ import annotations


class ModuleDocFragment:
    """How to reach the directory, and as whom."""

    DOCUMENTATION = r"""
options:
  uri:
    description:
      - The directory, as V(ldaps://host) or V(ldapi:///). Over V(ldapi) the calling system user signs in by
        SASL EXTERNAL, without any password.
    type: str
    required: true
  server_name:
    description: The name that the server's certificate must bear, where it is not the host in O(uri).
    type: str
    default: ""
  ca_file:
    description: PEM file with the authorities that may have signed the server's certificate; default the system's.
    type: path
  bind_dn:
    description: Name to sign in with over V(ldaps).
    type: str
    default: ""
  password_file:
    description: File with the password of O(bind_dn) and nothing else.
    type: path
  timeout:
    description: Seconds to wait for a connection and for each answer.
    type: int
    default: 30
requirements:
  - ldap3
  - PyYAML
  - libpass
  - argon2-cffi
notes:
  - Runs where the registry and the state are, as a rule on the control node.
"""
