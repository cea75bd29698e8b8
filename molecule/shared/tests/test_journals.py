"""The journals hold no warning and no error that nobody has explained."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from testinfra.host import Host


@dataclass(frozen=True)
class Expected:
    """A message that is in order: from whom, what it says (regular expressions), why, and on which machines."""

    source: str
    message: str
    reason: str
    machine: str = ".*"


EXPECTED = [
    Expected(
        r"\(.*\)", r".*ProtectHostname=yes is configured, but UTS namespace.*", "a container shares its host's kernel"
    ),
    Expected(
        r"postfix/(submissions?/)?smtpd",
        r"warning: (connect to Milter service .*: Connection refused|proxy:ldap:.* lookup error for .*"
        r"|TLS library problem: .*(unsupported protocol|no shared cipher).*"
        r"|.*: SASL \w+ authentication failed: \(reason unavailable\), sasl_username=\S+)",
        "tests stop the filter and the directory, and try old TLS, weak ciphers and wrong passwords",
    ),
    Expected(
        r"postfix/(submissions?/)?smtpd",
        r"warning: (connect to|problem talking to server) 127\.0\.0\.1:8463: Connection refused",
        "tests stop the service that judges who may write to a list",
    ),
    Expected(r"postfix/proxymap", r"warning: dict_ldap_connect: .*Can't contact LDAP.*", "tests stop the directory"),
    Expected(
        r"rspamd",
        r".*(clamav: failed to scan, maximum retransmits exceed|cannot connect to upstream, maximum retries).*",
        "tests stop the scanners",
    ),
    Expected(
        r"postfix/cleanup", r"warning: milter inet:127.0.0.1:11332: can't read SMFIC_.*", "tests stop the scanners"
    ),
    Expected(
        r"systemd",
        r"rspamd\.service: (State 'stop-sigterm' timed out|Main process exited, code=killed"
        r"|Failed with result 'timeout').*",
        "a restart does not wait for the connections that Postfix keeps idle",
    ),
    Expected(
        r"dovecot",
        r"auth(-worker\(\d+\))?: Error: ldap\(.*\): "
        r"(Connection lost to LDAP server, reconnecting|Can't connect to server: .*)",
        "tests stop the directory",
    ),
    Expected(
        r"dbus-daemon",
        r'Unknown username "[\w-]+" in message bus configuration file',
        "a package lays its bus policy before it creates the user, once, while it is installed",
    ),
    Expected(
        r"knotd",
        r"warning: (no zones loaded|no network interface configured)",
        "Debian starts Knot DNS upon installation, before it has a configuration",
    ),
    Expected(
        r"dovecot",
        r"[\w-]+(\(\d+\))?: Warning: (Killed with signal 15 .*|SIGHUP received - reloading configuration"
        r"|service\([\w-]+\): Sent SIGTERM to \d+ [\w-]+ processes"
        r"|Processes aren't dying after reload, sent SIGTERM to .*)",
        "Dovecot says so whenever it is restarted, or reloaded with a renewed certificate",
    ),
    Expected(
        r"systemd",
        r"dovecot\.service: (Found left-over process \d+ \(log\) in control group.*|This usually indicates unclean .*)",
        "the process that logs outlives the others for a moment when Dovecot is restarted",
    ),
    Expected(
        r"dovecot",
        r"log\(\d+\): Warning: (Killed with signal 15 .*|Shutting down logging for '\w+: ' with \d+ clients)",
        "the directory is lost first, and what signs people in still looks for it when Dovecot is stopped",
        machine=r".*restore-mail",
    ),
    Expected(
        r"dovecot",
        r"imap\(\w+\)<.*>: Error: autoexpunge: Couldn't create dovecot\.autoexpunge\.lock .* No such file or directory",
        "the webmail's first connection to a new mailbox ends before anything is in it: Dovecot 2.4.1 complains",
    ),
    Expected(
        r"dovecot",
        r"imap\(.*\)<.*>: Error: mkdir\(/run/dovecot/user-not-found/tth09001\) failed: Permission denied .*",
        "a test opens a mailbox that is purged: Dovecot 2.4.1 looks for one in a place of its own that nobody may make",
    ),
    Expected(
        r"dovecot",
        r"(imap|indexer-worker)\(.*\)<.*>: Error: "
        r"(fts-flatcurve: fts-flatcurve\(.*\): stat\(.*/fts-flatcurve/\) failed: No such file or directory"
        r"|Mailbox .*: Status lookup failed: Internal error occurred\. Refer to server log .*)",
        "two processes open a folder's index at the same instant, or a test does as if: a known fault of Dovecot 2.4.1",
    ),
    Expected(
        r"dovecot",
        r"imap\(.*\)<.*>: Error: autoexpunge: Couldn't create dovecot.autoexpunge.lock lock: .*",
        "somebody signs in and out before the first letter: there is no mailbox yet to look through",
    ),
    Expected(
        r"webmail",
        r"<\w+> IMAP Error: Login failed for .*",
        "tests sign in with wrong passwords, with first ones, and to locked accounts",
    ),
    Expected(
        r"systemd",
        r"(Failed to start congvu-reconciler\.service.*"
        r"|congvu-reconciler\.service: (Main process exited, code=exited, status=1/FAILURE|Failed with result .*))",
        "a host that pulls is given commits that nobody signed, and a Git server that is another",
        machine="prov-haiduong-mail",
    ),
    Expected(
        r"fail2ban",
        r"\[congvu-mail\] (Ban|Unban) 198\.18\.\d+\.20",
        "a test guesses passwords from outside, and the address is let in again",
    ),
    Expected(
        r"fail2ban",
        r"New database created\. Version '\d+'|\[\S+\] Flush ticket\(s\) with nftables",
        "fail2ban says so when it starts for the first time, and whenever it stops",
    ),
    Expected(
        r"postgres",
        r"\[\d+-\d+\] (.* webmail@webmail (FATAL:  password authentication failed for user \"webmail\"|"
        r"DETAIL:  Role \"webmail\" does not exist\.)|\tConnection matched file .*)",
        "the role tries an account before it makes it",
    ),
    Expected(
        r"postgres",
        r"\[\d+-\d+\] .* postgres@postgres "
        r"(ERROR:  role \"postgres\" already exists|STATEMENT:  CREATE ROLE postgres;)",
        "a restore makes all accounts that there were, and initdb has made the first",
        machine=r".*restore-mail",
    ),
    Expected(
        r"systemd",
        r"slapd\.service: (Main process exited, code=killed, status=9/KILL|Failed with result 'signal'\.)",
        "tests kill the directory",
        machine=r".*faults-mail",
    ),
]


def journal(host: Host) -> list[tuple[str, int, str]]:
    """Return everything of this boot as (identifier, priority, text)."""
    lines = host.check_output(
        "journalctl --boot --no-pager --output=json --output-fields=SYSLOG_IDENTIFIER,PRIORITY,MESSAGE"
    )
    rows = []
    for line in lines.splitlines():
        record = json.loads(line)
        message = record.get("MESSAGE") or ""
        text = message if isinstance(message, str) else bytes(message).decode("utf-8", "replace")
        rows.append((str(record.get("SYSLOG_IDENTIFIER", "")), int(record.get("PRIORITY", 6)), text))
    return rows


def unexplained(rows: list[tuple[str, int, str]], limit: int, machine: str) -> list[str]:
    """Return the messages of at least that priority which no expectation for this machine explains."""
    return [
        f"{source}: {text}"
        for source, priority, text in rows
        if priority <= limit
        and not any(
            re.fullmatch(expected.source, source)
            and re.fullmatch(expected.message, text, re.DOTALL)
            and re.fullmatch(expected.machine, machine)
            for expected in EXPECTED
        )
    ]


def test_the_journal_holds_no_unexplained_warning(any_machine: Host) -> None:
    rows = journal(any_machine)
    assert rows, "the journal is empty: nothing was tested"
    assert "\n".join(unexplained(rows, limit=4, machine=any_machine.backend.name)) == ""


def test_no_unit_has_failed(any_machine: Host) -> None:
    assert any_machine.check_output("systemctl --failed --no-legend --plain") == ""
