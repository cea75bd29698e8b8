"""Every sentence that sends a row back to the clerk who wrote it: why, and what to do about it. In Vietnamese.

They stand in one place so that they read alike.
"""

from __future__ import annotations

from enum import Enum


class RowRefusedError(Exception):
    """A row that is sent back."""

    def __init__(self, reason: str, remedy: str) -> None:
        """Keep why, and what to do about it."""
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"{reason} {remedy}")


class Refusal(Enum):
    """One kind of fault in a row: the reason and the remedy, with the places for what differs."""

    # Cells
    BROKEN = (
        "Ô '{column}' là công thức báo lỗi {text}.",
        "Chép lại giá trị vào ô, không để công thức.",
    )
    TOO_LONG = ("Ô '{column}' có {count} ký tự, nhiều hơn {most}.", "Ghi ngắn lại.")
    HIDDEN = ("Ô '{column}' có ký tự ẩn {code}.", "Xoá ô và gõ lại, không chép từ nơi khác.")
    EMPTY = ("Thiếu '{column}'.", "Điền '{column}'.")
    NO_DAY = ("Thiếu '{column}'.", "Điền ngày bắt đầu có hiệu lực, ví dụ 01/09/2026.")
    NOT_A_DAY = (
        "'{column}' ghi '{text}', không phải một ngày.",
        "Ghi ngày/tháng/năm, năm đủ bốn chữ số, ví dụ 01/09/2026.",
    )
    SHORT_YEAR = (
        "'{column}' ghi '{text}': năm không đủ bốn chữ số.",
        "Ghi năm đủ bốn chữ số, ví dụ 01/09/2026.",
    )
    NO_SUCH_DAY = (
        "'{column}' ghi '{text}', ngày không có trong lịch (viết ngày trước, tháng sau).",
        "Ghi lại cho đúng; 01/09/2026 là mồng một tháng chín.",
    )
    NO_DECISION = ("Không có số quyết định.", "Mọi thay đổi phải có quyết định: điền số, ví dụ 310/QĐ-SNV.")
    NO_DECISION_DAY = ("Không có ngày của quyết định.", "Điền 'Ngày quyết định', ví dụ 12/11/2026.")
    DECISION_IS_DAY = (
        "Số quyết định đã bị Excel đổi thành ngày {day}.",
        "Đặt định dạng ô là Văn bản (Text) rồi gõ lại số quyết định.",
    )
    NOT_A_DECISION = ("'{text}' không phải số quyết định.", "Ghi đủ số và ký hiệu, ví dụ 310/QĐ-SNV.")
    OLD_FONT = (
        "Họ tên '{name}' gõ bằng phông cũ (TCVN3 hoặc VNI): '{offender}' không phải Unicode.",
        "Gõ lại họ tên bằng Unicode{meant}.",
    )
    NOT_A_NAME = (
        "'{name}' không phải họ tên: '{offender}' không thể có trong tên.",
        "Ghi họ, chữ đệm và tên, chỉ bằng chữ{meant}.",
    )
    NOT_AN_ID = ("'{text}' không phải số hiệu.", "Ghi số hiệu gồm chữ không dấu và chữ số.")
    NO_CHANGE = ("Không ghi biến động gì.", "Điền 'Biến động', ví dụ Tiếp nhận, Điều động, Nghỉ hưu.")
    UNKNOWN_CHANGE = ("Không hiểu biến động '{text}'.", "{hint}Ghi một trong: {known}.")
    STALE = (
        "'{column}' còn là của lần trước, chưa phải của '{change}'.",
        "Ghi ngày có hiệu lực và quyết định của '{change}'.",
    )
    TWICE = ("Trùng hệt dòng {other}.", "Bỏ một trong hai dòng.")
    # Who and where
    NOBODY_NAMED = ("Không rõ là ai.", "Điền 'Số hiệu' hoặc 'Họ và tên'.")
    UNKNOWN_ID = ("Không có ai mang số hiệu '{text}'.", "{hint}Xem lại số hiệu; người mới thì ghi Tiếp nhận.")
    OTHER_PERSON = ("Số hiệu '{id}' là của {whose}, không phải {name}.", "Sửa số hiệu hoặc họ tên.")
    UNKNOWN_NAME = ("Không tìm thấy ai tên '{name}'{where}.", "{hint}Sửa họ tên, hoặc ghi số hiệu.")
    NAMESAKES = ("Có {count} người tên '{name}'{where}: {who}.", "Ghi số hiệu để biết là ai.")
    WITHOUT_ID = ("{name} chưa có số hiệu.", "Điền 'Số hiệu'.")
    UNKNOWN_AGENCY = ("Không có cơ quan '{text}' trong sổ.", "{hint}Ghi mã hoặc tên cơ quan như trong sổ.")
    NO_AGENCY_THEN = ("Cơ quan '{text}' không tồn tại vào ngày {day}.", "Sửa cơ quan hoặc ngày.")
    TWO_AGENCIES = ("Có {count} cơ quan tên '{text}': {codes}.", "Ghi mã cơ quan.")
    UNKNOWN_UNIT = ("{agency} không có đơn vị '{text}'.", "{hint}Các đơn vị: {known}.")
    NOT_THERE = ("{person} đang ở {agency}, không phải {other}.", "Sửa '{column}', hoặc xem lại người.")
    ELSEWHERE = ("{person} đang ở {agency}, không phải {other}.", "Chuyển cơ quan thì ghi Điều động.")
    # Days against the registry
    NO_POST = (
        "{person} không giữ chức vụ nào trong sổ vào ngày {day}.",
        "Xem lại ngày; người trở lại làm việc thì ghi Tiếp nhận.",
    )
    LATER = (
        "Sổ đã ghi một thay đổi của {person} từ ngày {day}, không trước ngày này.",
        "Xem lại ngày và thứ tự các quyết định.",
    )
    ENDS = (
        "Sổ đã ghi {person} giữ chức vụ đến hết ngày {day}.",
        "Xem lại ngày, hoặc nhờ quản trị viên sửa sổ.",
    )
    BACKWARDS = ("Ngày kết thúc trước ngày bắt đầu.", "Sửa 'Đến hết ngày' hoặc 'Từ ngày'.")
    BEFORE_JOINING = (
        "{change} từ {since}, nhưng {person} mới vào từ {first}.",
        "Xem lại ngày, và xem có đúng người không.",
    )
    SECOND_POSTS = (
        "{person} có {count} chức vụ biệt phái, kiêm nhiệm vào ngày {day}.",
        "Ghi 'Cơ quan' nơi biệt phái hay kiêm nhiệm, hoặc xem lại ngày.",
    )
    LATER_LEAVE = ("Sổ đã ghi một kỳ nghỉ dài ngày sau ngày này.", "Nhờ quản trị viên sửa sổ trước.")
    LEAVE_TWICE = (
        "Sổ đã ghi {person} nghỉ dài ngày từ {day}, chồng lên kỳ này.",
        "Sửa ngày; nghỉ tiếp thì ghi kỳ mới bắt đầu sau kỳ trước.",
    )
    NOT_ON_LEAVE = ("{person} không đang nghỉ dài ngày vào ngày trước {day}.", "Xem lại ngày và người.")
    NOTHING_NEW = ("Không rõ chức vụ hay đơn vị mới.", "Điền 'Chức vụ' hoặc 'Đơn vị'.")
    SAME_DAY = (
        "Sổ đã ghi một thay đổi từ chính ngày này, theo {decision}.",
        "Sửa ngày; nếu sổ ghi sai thì sửa trên danh sách xuất từ sổ.",
    )
    UNIT_OF_SECOND = (
        "Không bỏ đơn vị của chức vụ biệt phái, kiêm nhiệm.",
        "Ghi 'Hết biệt phái, kiêm nhiệm' rồi ghi lại.",
    )
    # Lists
    CHANGED_SINCE = (
        "'{column}' của {person} trong sổ đã đổi thành '{text}' sau khi xuất danh sách.",
        "Xuất danh sách mới rồi sửa lại trên đó.",
    )
    NO_SECOND_POST = (
        "Sổ không ghi {person} {kind} tại {agency}.",
        "Ghi 'Biến động' là Biệt phái hoặc Kiêm nhiệm, với ngày và quyết định.",
    )
    CLEARED = ("Ô '{column}' đã bị xoá.", "Điền lại; muốn bỏ đơn vị thì ghi dấu '-' kèm quyết định mới.")
    NOTHING_CHANGES = (
        "Quyết định mới từ {day}, nhưng chức vụ, đơn vị và họ tên vẫn như trong sổ.",
        "Không cần ghi lại; nếu sổ ghi sai ngày thì sửa ngày mà giữ nguyên số quyết định.",
    )
    DIFFERS = (
        "Khác sổ: {differs}; không có quyết định mới và ngày có hiệu lực.",
        "Điền 'Từ ngày', 'Số quyết định' và 'Ngày quyết định' của thay đổi ấy.",
    )
    WHY_ENDING = (
        "'Đến hết ngày' được điền, nhưng không rõ vì sao thôi giữ chức vụ.",
        "Ghi 'Biến động', ví dụ Nghỉ hưu, với ngày và quyết định.",
    )
    # All together
    UNFIT = ("Không khớp với sổ: {fault}", "Xem lại dòng này; nếu đúng thì nhờ quản trị viên.")

    def __init__(self, reason: str, remedy: str) -> None:
        """Name the two halves."""
        self.reason = reason
        self.remedy = remedy

    def row(self, **facts: object) -> RowRefusedError:
        """Return what sends one row back."""
        return RowRefusedError(self.reason.format(**facts), self.remedy.format(**facts))
