#!/usr/bin/python
# Copyright the congvu.mail engineers
# SPDX-License-Identifier: Apache-2.0
"""Ask the operator of a bigger system in writing for what the registry says, and take in the answer."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: request
short_description: Ask the operator of a bigger system in writing for what the registry says
description:
  - For a district that lives inside a bigger mail system and has no rights in its directory. What the registry says is
    planned, by the engine that plans for M(congvu.mail.apply), against what the operator has confirmed so far.
  - The plan becomes an official letter (DOCX, layout of Nghị định 30/2020/NĐ-CP) and a workbook (XLSX) that the
    operator works from and returns with the result of each item.
  - With O(confirm) the operator's answer is taken in. What was not refused counts as existing from then on, in
    C(confirmed.jsonl), a file to be committed; what was refused is asked for again by the next request.
  - The same registry, day and answers give the same plan and the same files, byte for byte. A request that is already
    on the disk is not written again.
options:
  requests:
    description: Folder of C(confirmed.jsonl), in Git. A file that is missing means that nothing was confirmed yet.
    type: path
    required: true
  state:
    description: Folder under which plans, letters and workbooks are kept for their maker alone, in C(requests/).
    type: path
    required: true
  letter:
    description: Who asks whom, as it stands on the letter.
    type: dict
    required: true
    suboptions:
      agency:
        description: Code of the agency that asks; its head signs, its mailbox sends and takes the answer.
        type: str
        required: true
      superior:
        description: The agency above it, printed above its name.
        type: str
        required: true
      issuer:
        description: The name printed below O(letter.superior).
        type: str
        required: true
      full_name:
        description: The asking agency as the text of the letter calls it.
        type: str
        required: true
      recipient:
        description: The operator.
        type: str
        required: true
      grounds:
        description: What the request rests on, each beginning with V(Căn cứ).
        type: list
        elements: str
        required: true
      copies:
        description: Who else receives the letter.
        type: list
        elements: str
        required: true
      place:
        description: The place before the day.
        type: str
        required: true
      symbol:
        description: What follows the number, such as V(VP).
        type: str
        required: true
  number:
    description: The letter's number; left open for the clerk by default.
    type: str
    default: ""
  signed:
    description: The letter's day, as V(YYYY-MM-DD); left open by default.
    type: str
  passwords:
    description: Codes of people or mailboxes whose passwords were lost (lấy lại mật khẩu); the letter asks for no more.
    type: list
    elements: str
    default: []
  confirm:
    description: Id of the request that the operator answered, or its beginning.
    type: str
  answer:
    description: Number of the operator's answer; needed with O(confirm).
    type: str
    default: ""
  answered:
    description: Day of the answer, as V(YYYY-MM-DD); needed with O(confirm).
    type: str
  refused:
    description:
      - Codes of the items that the operator did not carry out.
      - V(bt00012) is all that was asked for a person or mailbox, V(bt00012:ubnd) the person's right in one mailbox.
    type: list
    elements: str
    default: []
  results:
    description: The workbook as the operator returned it; the items that it refuses are added to O(refused).
    type: path
extends_documentation_fragment:
  - congvu.mail.registry
  - congvu.mail.registry.as_of
  - congvu.mail.registry.faults
attributes:
  check_mode:
    support: full
    description: Plans, and judges an answer, without writing anything.
author:
  - The congvu.mail engineers
"""

EXAMPLES = r"""
- name: Write the request
  congvu.mail.request:
    registry: inventories/binhtan/registry
    requests: inventories/binhtan/requests
    state: /var/lib/congvu
    letter: "{{ request_letter }}"

- name: Take in the operator's answer, but for one mailbox
  congvu.mail.request:
    registry: inventories/binhtan/registry
    requests: inventories/binhtan/requests
    state: /var/lib/congvu
    letter: "{{ request_letter }}"
    confirm: 9f2c41d0c0a3
    answer: 1234/STTTT-CNTT
    answered: "2026-11-25"
    refused: [bt00012]
"""

RETURN = r"""
plan:
  description: The request's id; empty for passwords.
  type: str
  returned: success
  sample: 9f2c41d0c0a35b1f2a80e1c7f3de6f7f0a3f1d1b6a6f6b9d9a3f0e5c2b1a0d4e
text:
  description: What is asked for, or what became of the answer, for the terminal.
  type: str
  returned: success
letter:
  description: The letter; empty where there is nothing to ask for or a safety rail stops it.
  type: str
  returned: success
workbook:
  description: The workbook, likewise.
  type: str
  returned: success
confirmed:
  description: The file of what is confirmed.
  type: str
  returned: success
counts:
  description: How many items of each section.
  type: dict
  returned: success
  sample: {Cấp mới: 3, Thay đổi: 1, Hủy bỏ: 0, Quyền sử dụng: 2}
findings:
  description: The safety rails that stop the request.
  type: list
  elements: str
  returned: success
problems:
  description: The faults of the registry, each with RV(ignore:origin), RV(ignore:message) and RV(ignore:remedy).
  returned: failed
  type: list
  elements: dict
exit_status:
  description: V(0) nothing to do or the answer taken in, V(2) a request, V(3) a safety rail, V(4) stale, V(1) an error.
  type: int
  returned: always
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.congvu.mail.plugins.module_utils.arguments import AS_OF, LANG, REGISTRY, civil_day
from ansible_collections.congvu.mail.plugins.module_utils.failure import EXPECTED, failure
from ansible_collections.congvu.mail.plugins.module_utils.files import write_whole
from ansible_collections.congvu.mail.plugins.module_utils.model import Role
from ansible_collections.congvu.mail.plugins.module_utils.phrase import Language, Phrase

try:
    from ansible_collections.congvu.mail.plugins.module_utils import (
        commit,
        confirmations,
        ledger,
        letterhead,
        overrides,
        papers,
        recording,
        rendering,
        report,
        request,
        safety,
        source,
        spreadsheet,
        store,
        terminal,
    )
    from ansible_collections.congvu.mail.plugins.module_utils.changes import PlanError
    from ansible_collections.congvu.mail.plugins.module_utils.compile import compile_desired, held
    from ansible_collections.congvu.mail.plugins.module_utils.trace import operator_of
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ansible_collections.congvu.mail.plugins.module_utils.changes import Plan
    from ansible_collections.congvu.mail.plugins.module_utils.confirmations import Confirmations
    from ansible_collections.congvu.mail.plugins.module_utils.model import Desired, Post, Registry
    from ansible_collections.congvu.mail.plugins.module_utils.safety import Finding

_TEXT = {"type": "str", "required": True}
_TEXTS = {"type": "list", "elements": "str"}
SPEC: dict[str, Any] = {
    **REGISTRY,
    **AS_OF,
    **LANG,
    "requests": {"type": "path", "required": True},
    "state": {"type": "path", "required": True},
    "letter": {
        "type": "dict",
        "required": True,
        "options": {
            **dict.fromkeys(("agency", "superior", "issuer", "full_name", "recipient"), _TEXT),
            **{key: {**_TEXTS, "required": True} for key in ("grounds", "copies")},
            **dict.fromkeys(("place", "symbol"), _TEXT),
        },
    },
    "number": {"type": "str", "default": ""},
    "signed": {"type": "str"},
    "passwords": {**_TEXTS, "default": [], "no_log": False},
    "confirm": {"type": "str"},
    "answer": {"type": "str", "default": ""},
    "answered": {"type": "str"},
    "refused": {**_TEXTS, "default": []},
    "results": {"type": "path"},
}


@dataclass(frozen=True, slots=True)
class _Work:
    """What every task of the module needs."""

    params: dict[str, Any]
    registry: Registry
    desired: Desired
    confirmed: Confirmations
    plan: Plan
    write: bool

    @property
    def file(self) -> Path:
        return Path(self.params["requests"], confirmations.FILE)

    @property
    def folder(self) -> Path:
        return Path(self.params["state"], "requests")

    def answer(self, text: str, *, changed: bool, status: report.Status, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- what modules return
        empty = {"letter": "", "workbook": "", "counts": {}, "findings": [], "plan": self.plan.id}
        common = {"changed": changed, "text": text, "confirmed": str(self.file), "exit_status": status}
        return {**empty, **common, **more}


def run(params: dict[str, Any], *, write: bool) -> dict[str, Any]:
    """Take in an answer, ask for passwords, or ask for what the registry says: one of the three."""
    root = Path(params["registry"])
    registry = source.load(root)
    as_of = civil_day(params["as_of"]) or datetime.now(registry.estate.time_zone).date()
    desired = compile_desired(registry, as_of=as_of, commit=commit.commit_of(root))
    confirmed = confirmations.read(Path(params["requests"], confirmations.FILE), desired.estate, desired.suffix)
    work = _Work(params, registry, desired, confirmed, request.plan_request(desired, confirmed), write)
    if params["confirm"]:
        return _confirm(work)
    return _passwords(work) if params["passwords"] else _ask(work)


# --- Asking


def _ask(work: _Work) -> dict[str, Any]:
    plan = work.plan
    if not plan.changes:
        known = len(work.confirmed.entries)
        text = f"Không có gì để đề nghị: {known} hộp thư đã được xác nhận đúng như trong sổ đăng ký.\n"
        return work.answer(text, changed=False, status=report.Status.DONE)
    items = request.items(plan, work.registry, work.confirmed)
    found = Counter(item.section for item in items)
    counts = {section.value: found[section] for section in request.Section}
    judgement = _judged(work, plan)
    changed = _keep(work, judgement.standing)
    lines = [papers.terminal(items, plan, work.registry)]
    if judgement.standing:
        lines += _stops(work, plan, judgement, f"-e as_of={plan.as_of}")
        stopped = [finding.told(Language.VIETNAMESE) for finding in judgement.standing]
        return work.answer(
            "\n".join(lines), changed=changed, status=report.Status.RAIL, counts=counts, findings=stopped
        )
    lines += overrides.thanks(judgement, Language.VIETNAMESE)
    folder = work.folder / f"{plan.as_of}-{plan.id[: confirmations.SHORT]}"
    letter, workbook = folder / papers.LETTER, folder / papers.WORKBOOK
    changed |= _put(work, letter, letterhead.render(papers.letter(items, plan, _sender(work))))
    changed |= _put(work, workbook, spreadsheet.write(papers.sheets(items)))
    lines.append(_next(work, letter, workbook))
    paths = {"letter": str(letter), "workbook": str(workbook)}
    return work.answer("\n".join(lines), changed=changed, status=report.Status.CHANGES, counts=counts, **paths)


def _passwords(work: _Work) -> dict[str, Any]:
    codes = work.params["passwords"]
    items = request.reset_items(codes, work.plan, work.registry, work.confirmed)
    digest = hashlib.sha256(" ".join(item.code for item in items).encode()).hexdigest()[:8]
    path = work.folder / f"{work.plan.as_of}-mat-khau-{digest}" / papers.LETTER
    changed = _put(work, path, letterhead.render(papers.password_letter(items, _sender(work))))
    names = "".join(f"  {item.code}  {item.name} <{item.address}>\n" for item in items)
    text = f"Đề nghị lấy lại mật khẩu: {len(items)} hộp thư\n{names}\nVăn bản: {path}\n"
    return work.answer(text, changed=changed, status=report.Status.CHANGES, letter=str(path), plan="")


def _sender(work: _Work) -> papers.Sender:
    letter, as_of = dict(work.params["letter"]), work.desired.as_of
    code = letter.pop("agency")
    own = work.desired.entries.get(f"mailbox:{code}")
    post = _head(work.registry, code, as_of)
    if own is None or post is None:
        message = f"letter.agency: ngày {request.written(as_of)} không có ai đứng đầu '{code}' để ký văn bản."
        raise ValueError(message)
    return papers.Sender(
        **{**letter, "grounds": tuple(letter["grounds"]), "copies": tuple(letter["copies"])},
        address=own.attributes["mail"][0],
        capacity=(post.title.upper(),),
        signer=post.name,
        number=work.params["number"],
        day=civil_day(work.params["signed"]),
    )


def _head(registry: Registry, code: str, day: date) -> Post | None:
    """Give the post of whoever heads an agency on a day."""
    agency = registry.agencies.get(code)
    grants = agency.mailboxes[code].roles[Role.HEAD] if agency else ()
    posts = (post for grant in grants if grant.covers(day) for post in held(registry, grant.person, day))
    return next((post for post in posts if post.agency == code), None)


def _keep(work: _Work, findings: Sequence[Finding]) -> bool:
    if not work.write or (work.folder / f"{work.plan.id}.jsonl").exists():
        return False
    store.save(work.plan, rendering.pages(work.plan, findings, Language.VIETNAMESE), work.folder)
    ledger.append(Path(work.params["state"]), [recording.asked(work.plan, operator_of(""))], datetime.now(UTC))
    return True


def _put(work: _Work, path: Path, content: bytes) -> bool:
    if path.exists() and path.read_bytes() == content:
        return False
    if work.write:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, content, mode=0o600)
    return True


def _judged(work: _Work, plan: Plan) -> overrides.Judgement:
    return overrides.judge(safety.check(plan), plan, Path(work.params["registry"]), datetime.now(UTC))


def _stops(work: _Work, plan: Plan, judgement: overrides.Judgement, words: str) -> list[str]:
    root, command = Path(work.params["registry"]), f"ansible-playbook playbooks/request.yml {words}"
    return [
        Phrase("STOPPED by a safety rail:").told(Language.VIETNAMESE),
        *terminal.stops(judgement.standing, Language.VIETNAMESE),
        *overrides.advice(judgement, plan, root, command, Language.VIETNAMESE),
        "",
    ]


def _next(work: _Work, letter: Path, workbook: Path) -> str:
    short = work.plan.id[: confirmations.SHORT]
    return (
        f"Văn bản: {letter}\nBảng tính gửi kèm: {workbook}\n"
        f"Khi có kết quả: -e confirm={short} -e answer=<số văn bản> -e answered=<năm-tháng-ngày>, "
        "và -e refused=<mã,mã> hay -e results=<bảng tính> nếu có mục không thực hiện.\n"
    )


# --- The answer


def _confirm(work: _Work) -> dict[str, Any]:
    plan = store.find(work.params["confirm"], work.folder)
    answer = _answer(work, plan)
    before = work.confirmed.answer_to(plan.id)
    number = f"{answer.number} ngày {request.written(answer.answered)}"
    if before is not None:
        if (before.number, before.answered, before.refused) != (answer.number, answer.answered, answer.refused):
            message = (
                f"Đề nghị {plan.id[: confirmations.SHORT]} đã có trả lời số {before.number} ngày "
                f"{request.written(before.answered)}. Muốn sửa thì lấy lại {confirmations.FILE} từ Git "
                "rồi ghi nhận lại."
            )
            raise confirmations.StaleError(message)
        text = f"Trả lời số {number} cho đề nghị {plan.id[: confirmations.SHORT]} đã được ghi nhận từ trước.\n"
        return work.answer(text, changed=False, status=report.Status.DONE, plan=plan.id)
    judgement = _judged(work, plan)
    if judgement.standing:
        stopped = [finding.told(Language.VIETNAMESE) for finding in judgement.standing]
        words = f"-e confirm={plan.id[: confirmations.SHORT]} -e answer=… -e answered=…"
        text = "\n".join(_stops(work, plan, judgement, words))
        return work.answer(text, changed=False, status=report.Status.RAIL, findings=stopped, plan=plan.id)
    taken = confirmations.take(work.confirmed, plan, answer)
    if work.write:
        write_whole(work.file, taken.content)
    refused = len(answer.refused)
    if work.write:
        entry = recording.confirmed(plan, number, refused, operator_of(""))
        ledger.append(Path(work.params["state"]), [entry], datetime.now(UTC))
    left = f", {refused} mục không thực hiện sẽ được đề nghị lại" if refused else ""
    text = (
        f"Đã ghi nhận trả lời số {number} cho đề nghị {plan.id[: confirmations.SHORT]}{left}. "
        f"{len(taken.entries)} hộp thư đã được xác nhận.\nHãy commit {work.file}\n"
    )
    return work.answer(text, changed=True, status=report.Status.DONE, plan=plan.id)


def _answer(work: _Work, plan: Plan) -> confirmations.Answer:
    number, answered = work.params["answer"].strip(), civil_day(work.params["answered"])
    if not number or answered is None:
        message = "Thiếu số hoặc ngày của văn bản trả lời: thêm -e answer=<số văn bản> -e answered=<năm-tháng-ngày>."
        raise ValueError(message)
    today = datetime.now(work.registry.estate.time_zone).date()
    if answered > today:
        message = f"Ngày trả lời {request.written(answered)} chưa đến. Hãy kiểm tra lại -e answered."
        raise ValueError(message)
    codes = set(work.params["refused"])
    if work.params["results"]:
        codes.update(papers.refused_in(spreadsheet.read(Path(work.params["results"]))))
    refused = tuple(sorted(_ids(codes, plan)))
    return confirmations.Answer(plan.id, plan.as_of, plan.commit, answered, number, refused)


def _ids(codes: set[str], plan: Plan) -> set[str]:
    """Give the items by their ids: people write `bt00012` or `bt00012:ubnd`, as the workbook does."""
    known = confirmations.items_of(plan)
    by_code = {id_.partition(":")[2]: id_ for id_ in known}
    return {code if code in known else by_code.get(code, code) for code in codes if code}


def main() -> None:
    """Parse, do, exit."""
    module = AnsibleModule(SPEC, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib(MISSING.name), exit_status=1)
    try:
        module.exit_json(**run(module.params, write=not module.check_mode))
    except (*EXPECTED, confirmations.ConfirmationError, PlanError, spreadsheet.SpreadsheetError) as error:
        status = report.Status.STALE if isinstance(error, confirmations.StaleError) else report.Status.ERROR
        said = failure(error, Path(module.params["registry"]), module.params["lang"])
        module.fail_json(**said, exit_status=int(status))


if __name__ == "__main__":
    main()
