"""The machine under test: a lab of the bench's own with nothing on it but the directory."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.congvu.mail.plugins.module_utils.directory import Access

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
NAME, SUBNET = "bench", "198.18.30"
SUFFIX = "dc=thuathienhue,dc=gov,dc=vn"
RECONCILER = f"cn=reconciler,ou=services,{SUFFIX}"
_DATA, _BARE = "/var/lib/ldap", "/var/lib/ldap.bare"
_PASSWORD, _LDIF, _FILLING = "/root/reconciler", "/root/entries.ldif", "/tmp/entries.ldif"  # noqa: S108 - a machine of ours
_READY = "until ldapwhoami -Q -Y EXTERNAL -H ldapi:/// >/dev/null; do sleep 0.1; done"


@dataclass(frozen=True, slots=True)
class Machine:
    """A host with slapd, built by the estate's own roles."""

    state: Path

    @property
    def password(self) -> Path:
        """Where the password of the engine's account stands."""
        return self.state / "secrets" / "ldap-reconciler"

    @property
    def access(self) -> Access:
        """Reach the directory as the playbooks do."""
        return Access(
            uri=f"ldaps://{SUBNET}.10",
            server_name="ldap.thuathienhue.gov.vn",
            ca_file=self.state / "ca" / "ca.pem",
            bind_dn=RECONCILER,
            password_file=self.password,
            timeout=120,
        )

    def wipe(self) -> None:
        """Put the database back to what the role lays, and wait until slapd answers again."""
        bare = f"rm -rf {_DATA}; cp -a --sparse=always {_BARE} {_DATA}"
        self.run(f"systemctl stop slapd; {bare}; systemctl reset-failed slapd; systemctl start slapd; {_READY}")

    def touch(self) -> None:
        """Write to an entry of nobody's, as each sign-in does to somebody's: the directory is no longer as it was."""
        change = f"dn: {RECONCILER}\nchangetype: modify\nreplace: description\ndescription: seen\n"
        self.run("ldapmodify -Q -Y EXTERNAL -H ldapi:/// >/dev/null", change.encode())

    def copy(self, ldif: bytes) -> None:
        """Copy entries to the host."""
        self.run(f"cat > {_LDIF}", ldif)

    def load(self) -> None:
        """Add the copied entries with ``ldapadd``, over TLS and as the account that the engine uses."""
        self.run(f"ldapadd -x -H ldaps://mail.thuathienhue.gov.vn -D {RECONCILER} -y {_PASSWORD} -f {_LDIF} >/dev/null")

    def fill(self, ldif: bytes) -> None:
        """Put entries into an empty directory without slapd, for what is to be measured on a full one."""
        self.wipe()
        self.run(f"umask 022; cat > {_FILLING}", ldif)
        as_user = f"runuser -u openldap -- slapadd -q -F /etc/ldap/slapd.d -b {SUFFIX} -l {_FILLING}"
        self.run(f"systemctl stop slapd; {as_user}; systemctl reset-failed slapd; systemctl start slapd; {_READY}")

    def run(self, script: str, given: bytes = b"") -> None:
        """Run a line of shell on the host."""
        command = ["podman", "exec", "-i", f"{NAME}-mail", "bash", "-ec", script]
        subprocess.run(command, input=given, check=True, stderr=subprocess.DEVNULL)  # noqa: S603 -- our own words


@contextmanager
def machine() -> Iterator[Machine]:
    """Build the machine, and take it away in the end."""
    made = Machine(ROOT / ".state" / NAME)
    try:
        playbook("playbooks/lab.yml")
        playbook("playbooks/site.yml", "--tags", "directory")
        secret = made.password.read_text(encoding="utf-8").strip()
        made.run(f"umask 077; cat > {_PASSWORD}", secret.encode())
        made.run("apt-get install -qq python3-ldap")
        made.run(f"systemctl stop slapd; cp -a --sparse=always {_DATA} {_BARE}; systemctl start slapd")
        yield made
    finally:
        playbook("playbooks/down.yml")


def playbook(path: str | Path, *words: str) -> None:
    """Run a playbook on the bench's lab, its output on the standard error."""
    own: Mapping[str, str] = {"CONGVU_LAB": NAME, "CONGVU_LAB_SUBNET": SUBNET, "ANSIBLE_STRATEGY": "mitogen_linear"}
    command = [str(Path(sys.executable).with_name("ansible-playbook")), str(path), *words]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **own}, check=True, stdout=sys.stderr)  # noqa: S603 -- our own
