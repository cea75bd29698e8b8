"""Where the living estate differs from Git: findings as values, how grave each kind is and why, and who did it.

Collectors return plain facts; the files beside this one (``drift_directory``, ``drift_machines``, ``drift_mail``,
``drift_dns``) judge them, and nothing here asks anybody. What could not be asked is a finding like any other: silence
would pass for order.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from .phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DIRECTORY = "directory"  # what stands for a host where the directory is meant, whichever server answers
DNS = "dns"


class Severity(IntEnum):
    """How soon somebody must look."""

    LOW = 1  # with the next maintenance
    MEDIUM = 2  # this week
    HIGH = 3  # today: letters, access or evidence may suffer
    CRITICAL = 4  # now: it looks like a break-in, or leads to one

    @property
    def word(self) -> str:
        """Give the word for it, in lower case."""
        return self.name.lower()


class Kind(StrEnum):
    """What differs; by these words exceptions name it."""

    ENTRY = "entry"
    ADDRESS = "address"
    STATE = "state"
    QUOTA = "quota"
    ACCESS = "access"
    ENTRY_ADDED = "entry-added"
    ENTRY_GONE = "entry-gone"
    DIRECTORY_ACCOUNT = "directory-account"
    DIRECTORY_CONFIG = "directory-config"
    RIGHT = "right"
    FOLDER = "folder"
    RULE = "rule"
    FORWARD = "forward"
    FORWARD_PRIVATE = "forward-private"
    DNS = "dns"
    DKIM = "dkim"
    FILE = "file"
    GUARD = "guard"
    SETTING = "setting"
    PACKAGE = "package"
    PACKAGE_ORIGIN = "package-origin"
    PACKAGE_HELD = "package-held"
    UPDATE = "update"
    SECURITY_UPDATE = "security-update"
    UNIT = "unit"
    LISTENER = "listener"
    ACCOUNT = "account"
    SUDO = "sudo"
    KEY = "key"
    SILENT = "silent"
    EXCEPTION_EXPIRED = "exception-expired"
    EXCEPTION_IDLE = "exception-idle"
    EXCEPTION_REFUSED = "exception-refused"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind is called, how grave it is and why, in both languages; ``controls`` are those that it breaks."""

    severity: Severity
    name: str
    reason: str
    name_vi: str
    reason_vi: str
    controls: tuple[str, ...] = ()


_LOW, _MEDIUM, _HIGH, _CRITICAL = Severity
RULES: Mapping[Kind, Rule] = {
    Kind.ENTRY: Rule(
        _MEDIUM,
        "entry edited by hand",
        "the address book no longer says what was decided",
        "Mục danh bạ bị sửa tay",
        "danh bạ không còn đúng với quyết định",
        ("R05",),
    ),
    Kind.ADDRESS: Rule(
        _HIGH,
        "address edited by hand",
        "letters may reach somebody else",
        "Địa chỉ thư bị sửa tay",
        "thư có thể đến nhầm người",
        ("R05", "R16"),
    ),
    Kind.STATE: Rule(
        _HIGH,
        "account opened or closed by hand",
        "somebody has access without a decision, or lost it without one",
        "Tài khoản bị mở hoặc đóng bằng tay",
        "có người được hoặc mất quyền truy cập mà không có quyết định",
        ("R15", "R23"),
    ),
    Kind.QUOTA: Rule(
        _LOW,
        "quota edited by hand",
        "storage is given out without a decision",
        "Dung lượng bị sửa tay",
        "dung lượng được cấp ngoài quy định",
        ("R23",),
    ),
    Kind.ACCESS: Rule(
        _HIGH,
        "right given or taken by hand",
        "somebody may read or write in another's name",
        "Quyền trên hộp thư bị sửa tay trong danh bạ",
        "có người đọc được thư hoặc gửi thư dưới tên người khác",
        ("R15", "R16"),
    ),
    Kind.ENTRY_ADDED: Rule(
        _HIGH,
        "entry that Git does not know",
        "an account without a decision",
        "Mục danh bạ không có trong sổ đăng ký",
        "tài khoản không có quyết định nào",
        ("R05", "R23"),
    ),
    Kind.ENTRY_GONE: Rule(
        _HIGH,
        "entry that was removed by hand",
        "somebody who should have mail has none",
        "Mục danh bạ bị xoá bằng tay",
        "người phải có hộp thư thì không còn hộp thư",
        ("R05",),
    ),
    Kind.DIRECTORY_ACCOUNT: Rule(
        _CRITICAL,
        "service account that Git does not know",
        "it can read or write the directory and belongs to no service",
        "Tài khoản dịch vụ lạ trong danh bạ",
        "tài khoản đọc hoặc ghi được danh bạ mà không thuộc dịch vụ nào",
        ("R23",),
    ),
    Kind.DIRECTORY_CONFIG: Rule(
        _CRITICAL,
        "rules of the directory edited by hand",
        "who may read passwords' digests and write entries is decided there",
        "Cấu hình, quyền của máy chủ danh bạ bị sửa tay",
        "đây là nơi quyết định ai đọc, ai ghi được danh bạ",
        ("R23",),
    ),
    Kind.RIGHT: Rule(
        _HIGH,
        "right in the mail store that the registry does not give",
        "somebody reads letters that are not theirs, or cannot read their own",
        "Quyền trên hộp thư dùng chung khác với sổ đăng ký",
        "có người đọc được thư không phải của mình, hoặc không đọc được thư của mình",
        ("R15",),
    ),
    Kind.FOLDER: Rule(
        _LOW,
        "folder that is missing",
        "letters are filed elsewhere",
        "Thiếu thư mục",
        "thư sẽ được xếp vào nơi khác",
    ),
    Kind.RULE: Rule(
        _MEDIUM,
        "rule of an agency's mailbox that is not the estate's",
        "incoming documents are filed another way than the policy says",
        "Quy tắc lọc của hộp thư cơ quan khác với quy định",
        "văn bản đến không được xếp như quy định",
        ("R15",),
    ),
    Kind.FORWARD: Rule(
        _HIGH,
        "forward to the outside",
        "official letters leave the estate unseen",
        "Chuyển tiếp thư ra ngoài hệ thống",
        "thư công vụ rời hệ thống mà không ai biết",
        ("R15", "R23"),
    ),
    Kind.FORWARD_PRIVATE: Rule(
        _CRITICAL,
        "forward to a private mail service",
        "official letters may not go through private mail services (TTH Điều 10, DL Điều 13.1)",
        "Chuyển tiếp thư đến dịch vụ thư riêng",
        "không được dùng dịch vụ thư riêng cho việc công (TTH Điều 10, DL Điều 13.1)",
        ("R29", "R15"),
    ),
    Kind.DNS: Rule(
        _HIGH,
        "record in the DNS that differs",
        "letters may go elsewhere, or others may write in the estate's name",
        "Bản ghi DNS khác với hệ thống",
        "thư có thể đi nơi khác, hoặc người ngoài gửi được thư dưới tên hệ thống",
        ("R16", "R23"),
    ),
    Kind.DKIM: Rule(
        _CRITICAL,
        "signing key that is not the published one",
        "no receiver can verify letters, or somebody else holds the published key",
        "Khoá ký thư không khớp khoá đã công bố",
        "nơi nhận không xác thực được thư, hoặc có người khác giữ khoá đã công bố",
        ("R16",),
    ),
    Kind.FILE: Rule(
        _MEDIUM,
        "file that is not as the roles write it",
        "the machine does what nobody reviewed",
        "Tệp cấu hình khác với Git",
        "máy chủ chạy theo cấu hình chưa được duyệt",
        ("R23",),
    ),
    Kind.GUARD: Rule(
        _HIGH,
        "file that guards the estate and is not as the roles write it",
        "who comes in, who reads and where letters go is decided there",
        "Tệp bảo vệ hệ thống khác với Git",
        "tệp quyết định ai vào được, ai đọc được và thư đi đâu",
        ("R15", "R23"),
    ),
    Kind.SETTING: Rule(
        _MEDIUM,
        "setting or service that is not as the roles have it",
        "the machine does what nobody reviewed",
        "Thiết đặt hoặc dịch vụ khác với Git",
        "máy chủ chạy theo thiết đặt chưa được duyệt",
        ("R23",),
    ),
    Kind.PACKAGE: Rule(
        _MEDIUM,
        "package that no role installs",
        "nobody answers for it, and it may open doors",
        "Gói phần mềm lạ",
        "không ai chịu trách nhiệm về gói này",
        ("R18", "R23"),
    ),
    Kind.PACKAGE_ORIGIN: Rule(
        _HIGH,
        "version that no repository has",
        "nobody signs for it, and no update mends it",
        "Phiên bản gói không có trong kho phần mềm nào",
        "không có chữ ký bảo đảm và không được cập nhật",
        ("R18", "R23"),
    ),
    Kind.PACKAGE_HELD: Rule(
        _MEDIUM,
        "package that is held back",
        "it gets no security update",
        "Gói phần mềm bị giữ phiên bản",
        "gói không nhận bản vá bảo mật",
        ("R23",),
    ),
    Kind.UPDATE: Rule(
        _LOW,
        "release update that waits",
        "a fault that is mended upstream is still there",
        "Bản cập nhật đang chờ",
        "lỗi đã được sửa nhưng chưa được cài",
        ("R22",),
    ),
    Kind.SECURITY_UPDATE: Rule(
        _HIGH,
        "security update that waits",
        "what it mends is known to everybody",
        "Bản vá bảo mật đang chờ",
        "lỗ hổng đã được công bố rộng rãi",
        ("R18", "R23"),
    ),
    Kind.UNIT: Rule(
        _HIGH,
        "service or timed job that no role wrote",
        "it runs with rights that nobody gave it",
        "Dịch vụ hoặc việc định kỳ lạ",
        "chạy với quyền không ai cấp",
        ("R18", "R23"),
    ),
    Kind.LISTENER: Rule(
        _HIGH,
        "open port that nobody declared",
        "it answers to others",
        "Cổng mạng mở ngoài khai báo",
        "người khác có thể kết nối vào",
        ("R23",),
    ),
    Kind.ACCOUNT: Rule(
        _CRITICAL,
        "account on a machine that nobody declared",
        "somebody can sign in who is not an operator",
        "Tài khoản hệ điều hành lạ",
        "có người không phải quản trị đăng nhập được máy chủ",
        ("R23",),
    ),
    Kind.SUDO: Rule(
        _CRITICAL,
        "right to become root that nobody declared",
        "whoever has it can read every letter",
        "Quyền root ngoài khai báo",
        "người có quyền này đọc được mọi bức thư",
        ("R15", "R23"),
    ),
    Kind.KEY: Rule(
        _CRITICAL,
        "key that opens an account and that nobody declared",
        "whoever holds it signs in without a password",
        "Khoá SSH lạ",
        "người giữ khoá đăng nhập được mà không cần mật khẩu",
        ("R23",),
    ),
    Kind.SILENT: Rule(
        _HIGH,
        "what could not be asked",
        "whatever is wrong there stays unseen",
        "Không hỏi được",
        "sai lệch ở đó, nếu có, chưa được thấy",
        ("R22", "R39"),
    ),
    Kind.EXCEPTION_EXPIRED: Rule(
        _LOW,
        "exception whose term is over",
        "what it accepted counts again",
        "Ngoại lệ đã hết hạn",
        "sai lệch từng được chấp nhận nay bị tính lại",
        ("R39",),
    ),
    Kind.EXCEPTION_IDLE: Rule(
        _LOW,
        "exception that matches nothing",
        "one that is no longer needed may hide something later",
        "Ngoại lệ không khớp với gì",
        "ngoại lệ thừa có thể che một sai lệch về sau",
        ("R39",),
    ),
    Kind.EXCEPTION_REFUSED: Rule(
        _MEDIUM,
        "exception that does not count",
        "nobody reviewed it as it stands, or it cannot be read",
        "Ngoại lệ không có hiệu lực",
        "ngoại lệ chưa được duyệt đúng như tệp hiện có, hoặc không đọc được",
        ("R39",),
    ),
}

ABOUT_EXCEPTIONS = frozenset({Kind.EXCEPTION_EXPIRED, Kind.EXCEPTION_IDLE, Kind.EXCEPTION_REFUSED})


@dataclass(frozen=True, slots=True)
class Trace:
    """What tells who did something: ``who`` is empty where nobody knows, ``at`` None where no moment is on record.

    ``source`` names the record: accesslog, journal, apt, file, slapd, dns. A ``sure`` one names the deed itself; one
    that is not says who had the chance. ``who_vi`` is the same in Vietnamese, where words and not a name say who.
    """

    who: str
    at: datetime | None
    source: str
    sure: bool = True
    who_vi: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One difference. ``object`` is what differs, in words that stay the same from run to run; ``host`` is where.

    ``said`` is what differs about it, without any secret; ``mend`` the command, or empty where there is none but to
    look. How grave it is follows from its kind.
    """

    kind: Kind
    host: str
    object: str
    said: Phrase
    mend: str = ""
    traces: tuple[Trace, ...] = ()

    @property
    def severity(self) -> Severity:
        """Say how grave it is."""
        return RULES[self.kind].severity

    @property
    def key(self) -> str:
        """Name it as long as it lasts: two runs that find the same say the same."""
        return f"{self.kind} {self.host} {self.object}"

    def __lt__(self, other: Finding) -> bool:
        """Sort the gravest first, then by place."""
        return (-self.severity, self.host, self.kind, self.object) < (
            -other.severity,
            other.host,
            other.kind,
            other.object,
        )


def silent(host: str, what: str, why: str, mend: str = "") -> Finding:
    """Say that something could not be asked."""
    facts = {"why": " ".join(why.split()) or "no answer"}
    return Finding(kind=Kind.SILENT, host=host, object=what, said=Phrase("not asked: {why}", facts), mend=mend)


def ad_hoc(host: str, module: str, free: str = "", **arguments: str) -> str:
    """Give the command that runs a module on a host; as whom, the inventory says.

    Names in it may be of somebody's making whom nobody trusts: what a shell or Ansible would take for its own language
    is quoted, and where Ansible takes it whatever the quotes, there is no command, and people look for themselves.
    """
    if any(mark in value for value in (free, *arguments.values()) for mark in _TEMPLATES):
        return ""
    name = module if "." in module else f"ansible.builtin.{module}"
    said = " ".join((free, *(f"{key}={value}" for key, value in arguments.items()))).strip()
    if not all(_PLAIN.fullmatch(value) for value in arguments.values()):
        said = json.dumps(arguments, ensure_ascii=False)
    return f"ansible {shlex.quote(host)} -m {name} -a {shlex.quote(said)}"


_TEMPLATES = ("{{", "{%", "{#")
_PLAIN = re.compile(r"[\w./@:,+=-]*")


def plain(finding: Finding, language: str = "en") -> dict[str, Any]:
    """Give a finding as JSON knows it, with all that stands in the tables about it."""
    rule = RULES[finding.kind]
    is_vietnamese = language == "vi"
    return {
        "kind": str(finding.kind),
        "name": rule.name_vi if is_vietnamese else rule.name,
        "severity": finding.severity.word,
        "reason": rule.reason_vi if is_vietnamese else rule.reason,
        "controls": list(rule.controls),
        "host": finding.host,
        "object": finding.object,
        "said": finding.said.told(language),
        "traces": [
            {
                "who": trace.who,
                "at": trace.at.isoformat() if trace.at else "",
                "source": trace.source,
                "sure": trace.sure,
            }
            for trace in finding.traces
        ],
        "mend": finding.mend,
    }


def packed(finding: Finding) -> dict[str, Any]:
    """Give a finding in a form that goes from module to module; ``unpacked`` is the way back."""
    return {
        "kind": str(finding.kind),
        "host": finding.host,
        "object": finding.object,
        "said": _packed_phrase(finding.said),
        "mend": finding.mend,
        "traces": [{**asdict(one), "at": one.at.isoformat() if one.at else ""} for one in finding.traces],
    }


def unpacked(said: Mapping[str, Any]) -> Finding:
    """Read a finding that ``packed`` gave."""
    traces = (
        Trace(**{**one, "at": datetime.fromisoformat(one["at"]) if one["at"] else None}) for one in said["traces"]
    )
    return Finding(
        kind=Kind(said["kind"]),
        host=said["host"],
        object=said["object"],
        said=_unpacked_phrase(said["said"]),
        mend=said["mend"],
        traces=tuple(traces),
    )


def _packed_phrase(phrase: Phrase) -> dict[str, Any]:
    facts = {
        name: _packed_phrase(fact) if isinstance(fact, Phrase) else str(fact) for name, fact in phrase.facts.items()
    }
    return {"english": phrase.english, "facts": facts}


def _unpacked_phrase(said: Mapping[str, Any]) -> Phrase:
    facts = {name: _unpacked_phrase(fact) if isinstance(fact, dict) else fact for name, fact in said["facts"].items()}
    return Phrase(said["english"], facts)


def sorted_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings, each once: several collectors may see the same."""
    return tuple(sorted({finding.key: finding for finding in findings}.values()))
