"""What an editor shows a clerk about each key of the files that clerks write, in Vietnamese.

The keys go by the paths of ``reference``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_DECISION = "Số quyết định, ví dụ 1228/QĐ-SNV."
_CHANGES = "Cái gì khác đi từ ngày nào, theo thứ tự ngày."
_DEPUTIES = "Cấp phó: số hiệu cán bộ, hoặc `person` kèm ngày."
_CLERKS = "Văn thư: số hiệu cán bộ, hoặc `person` kèm ngày."
_READERS = "Người chỉ đọc: số hiệu cán bộ, hoặc `person` kèm ngày."
_UNTIL = "Ngày đầu tiên **không còn** hiệu lực; không ghi là cho đến khi có thay đổi."

KEYS: Mapping[str, str] = {
    "agency.code": "Mã cơ quan, cũng là tên tệp; không bao giờ đổi.",
    "agency.name": "Tên cơ quan, đủ dấu. Đổi tên thì để nguyên dòng này, ghi tên mới vào `changes`.",
    "agency.kind": "Loại cơ quan: `committee` UBND tỉnh, `office` văn phòng, `department` sở, `agency` ban, ngành, "
    "`district` huyện, `commune` xã, phường, `centre` đơn vị sự nghiệp, `organisation` đoàn thể.",
    "agency.decision": "Quyết định theo đó cơ quan có ở đây.",
    "agency.head": "Người đứng đầu, cả người phụ trách tạm thời: số hiệu cán bộ, hoặc danh sách `person` kèm ngày.",
    "agency.people": "Người của cơ quan; mỗi mục là một chức vụ. Đừng xoá mục nào.",
    "agency.number": "Số thứ tự trong danh sách in kèm quy chế.",
    "agency.account": "Địa chỉ thư của cơ quan, nếu quy chế in sẵn; không thì quy tắc đặt cho.",
    "agency.parent": "Mã của cơ quan cấp trên.",
    "agency.domain": "Tên miền thư riêng của cơ quan, nếu quy tắc không đặt cho.",
    "agency.since": "Ngày đầu tiên có cơ quan; không ghi là đã có từ trước.",
    "agency.until": "Ngày đầu tiên **không còn** cơ quan: giải thể, sáp nhập.",
    "agency.until_decision": "Quyết định giải thể, sáp nhập.",
    "agency.successor": "Mã cơ quan kế thừa người, thư và địa chỉ.",
    "agency.changes": _CHANGES,
    "agency.deputies": _DEPUTIES,
    "agency.clerks": _CLERKS,
    "agency.readers": _READERS,
    "agency.units": "Các đơn vị, mỗi đơn vị một mã; chỉ cần tên: `vp: Văn phòng`.",
    "agency.mailboxes": "Hộp thư theo việc, nhiều người dùng chung.",
    "agency.folders": "Thư mục dùng chung, không có địa chỉ thư.",
    "agency.head[].person": "Số hiệu cán bộ; người ấy phải giữ chức vụ trong cơ quan vào những ngày này.",
    "agency.head[].since": "Ngày đầu tiên giữ vai trò; không ghi là từ trước.",
    "agency.head[].until": "Ngày đầu tiên **không còn** giữ vai trò; không ghi là cho đến khi có thay đổi.",
    "agency.head[].decision": _DECISION,
    "agency.people[].id": "Số hiệu cán bộ, chữ thường; theo người suốt đời, ở mọi cơ quan.",
    "agency.people[].name": "Họ, chữ đệm và tên, đủ dấu, gõ bằng Unicode dựng sẵn.",
    "agency.people[].title": "Chức vụ.",
    "agency.people[].since": "Ngày đầu tiên giữ chức vụ, viết năm-tháng-ngày: 2026-12-01.",
    "agency.people[].decision": _DECISION,
    "agency.people[].given": "Tên gọi, nếu không phải chữ cuối của họ tên: Bhĩm của Y Bhĩm Niê.",
    "agency.people[].unit": "Mã đơn vị, có trong mục `units` của tệp này.",
    "agency.people[].until": "Ngày đầu tiên **không còn** giữ chức vụ. Chuyển cơ quan trong hệ thống thì không ghi.",
    "agency.people[].until_decision": "Số quyết định cho thôi giữ chức vụ.",
    "agency.people[].ending": "Lý do: `retirement` nghỉ hưu, `resignation` thôi việc, `dismissal` buộc thôi việc, "
    "`death` từ trần, `departure` ra ngoài hệ thống.",
    "agency.people[].successor": "Ai được đọc thư còn giữ của người này: số hiệu cán bộ, hoặc `person` kèm ngày.",
    "agency.people[].kind": "`secondment` biệt phái, `concurrent` kiêm nhiệm; không ghi là chức vụ chính.",
    "agency.people[].changes": _CHANGES,
    "agency.people[].absences": "Các kỳ nghỉ dài ngày; người ấy vẫn giữ chức vụ.",
    "agency.people[].successor[].person": "Số hiệu cán bộ; người ấy phải đang công tác vào những ngày này.",
    "agency.people[].successor[].since": "Ngày đầu tiên được đọc; không ghi là từ ngày thôi giữ chức vụ.",
    "agency.people[].successor[].until": "Ngày đầu tiên **không còn** được đọc; không ghi là đến khi thư bị xoá.",
    "agency.people[].successor[].decision": _DECISION,
    "agency.people[].changes[].since": "Ngày đầu tiên của thay đổi.",
    "agency.people[].changes[].decision": _DECISION,
    "agency.people[].changes[].name": "Họ tên mới.",
    "agency.people[].changes[].given": "Tên gọi mới, nếu không phải chữ cuối của họ tên.",
    "agency.people[].changes[].title": "Chức vụ mới.",
    "agency.people[].changes[].unit": "Mã đơn vị mới.",
    "agency.people[].absences[].since": "Ngày đầu tiên nghỉ.",
    "agency.people[].absences[].decision": "Số quyết định cho nghỉ.",
    "agency.people[].absences[].reason": "`maternity` thai sản, `study` đi học, `sickness` chữa bệnh, "
    "`unpaid` không lương, `other` lý do khác.",
    "agency.people[].absences[].until": "Ngày đầu tiên trở lại làm việc; chưa biết thì không ghi.",
    "agency.changes[].since": "Ngày đầu tiên của thay đổi.",
    "agency.changes[].decision": _DECISION,
    "agency.changes[].name": "Tên mới của cơ quan.",
    "agency.changes[].kind": "Loại mới của cơ quan.",
    "agency.changes[].parent": "Mã của cơ quan cấp trên mới.",
    "agency.changes[].domain": "Tên miền thư mới.",
    "agency.changes[].account": "Địa chỉ thư mới.",
    "agency.units.<code>.name": "Tên đơn vị, đủ dấu.",
    "agency.units.<code>.decision": "Số quyết định lập đơn vị.",
    "agency.units.<code>.since": "Ngày đầu tiên có đơn vị; không ghi là đã có từ trước.",
    "agency.units.<code>.until": "Ngày đầu tiên **không còn** đơn vị.",
    "agency.units.<code>.until_decision": "Quyết định giải thể đơn vị.",
    "agency.units.<code>.changes": _CHANGES,
    "agency.units.<code>.mailbox": "Hộp thư riêng của đơn vị, trưởng đơn vị quản lý.",
    "agency.units.<code>.changes[].since": "Ngày đầu tiên của thay đổi.",
    "agency.units.<code>.changes[].decision": _DECISION,
    "agency.units.<code>.changes[].name": "Tên mới của đơn vị.",
    "agency.units.<code>.mailbox.head": "Người quản lý hộp thư: số hiệu cán bộ, hoặc danh sách `person` kèm ngày.",
    "agency.units.<code>.mailbox.account": "Địa chỉ thư; không ghi thì quy tắc đặt cho.",
    "agency.units.<code>.mailbox.deputies": _DEPUTIES,
    "agency.units.<code>.mailbox.clerks": _CLERKS,
    "agency.units.<code>.mailbox.readers": _READERS,
    "agency.mailboxes.<code>.name": "Tên hộp thư, người nhận thư sẽ thấy.",
    "agency.mailboxes.<code>.account": "Địa chỉ thư, chữ thường, không dấu.",
    "agency.mailboxes.<code>.head": "Người quản lý hộp thư: số hiệu cán bộ, hoặc danh sách `person` kèm ngày.",
    "agency.mailboxes.<code>.deputies": _DEPUTIES,
    "agency.mailboxes.<code>.clerks": _CLERKS,
    "agency.mailboxes.<code>.readers": _READERS,
    "agency.folders.<code>.name": "Tên thư mục.",
    "agency.folders.<code>.decision": _DECISION,
    "agency.folders.<code>.managers": "Ai quản lý thư mục.",
    "agency.folders.<code>.writers": "Ai đọc và ghi.",
    "agency.folders.<code>.readers": "Ai chỉ đọc.",
    "agency.folders.<code>.managers[].person": "Một người: số hiệu cán bộ.",
    "agency.folders.<code>.managers[].unit": "Cả một đơn vị của cơ quan này: mã đơn vị.",
    "agency.folders.<code>.managers[].agency": "Cả một cơ quan: mã cơ quan.",
    "agency.folders.<code>.managers[].since": "Ngày đầu tiên có quyền; không ghi là từ trước.",
    "agency.folders.<code>.managers[].until": _UNTIL,
    "agency.folders.<code>.managers[].decision": _DECISION,
    "holds.<code>[].since": "Ngày đầu tiên thư phải còn.",
    "holds.<code>[].until": "Ngày đầu tiên thư **được** xoá; chưa biết thì không ghi.",
    "holds.<code>[].decision": "Số văn bản yêu cầu giữ thư.",
    "holds.<code>[].reason": "Vì sao phải giữ.",
}
