"""What a rehearsal tells of each host."""

from __future__ import annotations

from ansible_collections.congvu.mail.plugins.module_utils.rehearsal import Step, told


def step(**said: object) -> Step:
    calm: dict[str, object] = {
        "host": "mail",
        "role": "postfix",
        "task": "Configure | Write main.cf",
        "action": "ansible.builtin.template",
        "changed": False,
        "item": "",
        "place": "",
        "names": [],
        "fault": "",
    }
    return Step.of({**calm, **said})


def test_what_tasks_are_about_is_declared_whether_they_change_it_or_not() -> None:
    found = told(
        [
            step(place="/etc/postfix/main.cf"),
            step(action="ansible.builtin.apt", names=["postfix", "postfix-ldap"]),
            step(action="ansible.builtin.apt", names=["slapd"], changed=True),
            step(action="ansible.builtin.systemd_service", names=["postfix.service"]),
            step(action="ansible.builtin.user", names=["congvu-warden"]),
            step(host="other", action="ansible.builtin.command"),
        ]
    )
    assert found["mail"]["packages"] == ["postfix", "postfix-ldap", "slapd"]
    assert found["mail"]["files"] == ["/etc/postfix/main.cf"]
    assert found["mail"]["units"] == ["postfix.service"]
    assert found["mail"]["accounts"] == ["congvu-warden"]
    assert [change["about"] for change in found["mail"]["changes"]] == ["slapd"]
    assert found["other"]["changes"] == []


def test_a_change_is_told_once_by_what_it_is_about() -> None:
    found = told([step(place="/a", changed=True), step(place="/a", changed=True), step(item="x", changed=True)])
    assert [change["about"] for change in found["mail"]["changes"]] == ["/a", "x"]


def test_why_a_host_goes_no_further_is_kept() -> None:
    found = told([step(fault="no space left")])
    assert found["mail"]["fault"] == "Configure | Write main.cf: no space left"
