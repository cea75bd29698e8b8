"""Names as common as in life: more than a third are called Nguyễn, and many a full name belongs to several people.

The shares of family names are those of Lê Trung Hoa, Họ và tên người Việt Nam (2005); middle and given names are a
choice of common ones, for men and women, the more common ones first.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_FAMILY = {
    "Nguyễn": 38.4, "Trần": 12.1, "Lê": 9.5, "Phạm": 7.0, "Hoàng": 3.1, "Huỳnh": 2.0, "Phan": 4.5, "Vũ": 2.2,
    "Võ": 1.7, "Đặng": 2.1, "Bùi": 2.0, "Đỗ": 1.4, "Hồ": 1.3, "Ngô": 1.3, "Dương": 1.0, "Lý": 0.5, "Đinh": 0.9,
    "Trương": 0.9, "Lương": 0.7, "Mai": 0.6, "Tôn Thất": 0.3, "Đoàn": 0.6, "Hà": 0.5, "Cao": 0.5, "Tạ": 0.3,
    "Châu": 0.3, "Lâm": 0.3, "Thái": 0.3, "Trịnh": 0.5, "Vương": 0.2, "Đào": 0.5, "Hồ Đắc": 0.1, "Công Huyền": 0.05,
}  # fmt: skip
_MEN = (
    [
        "Văn",
        "Văn",
        "Văn",
        "Văn",
        "Hữu",
        "Đức",
        "Minh",
        "Quang",
        "Quốc",
        "Thanh",
        "Xuân",
        "Đình",
        "Công",
        "Ngọc",
        "Hoàng",
        "Trọng",
        "Anh",
        "Viết",
        "Bá",
        "Duy",
        "Tấn",
        "Thế",
    ],
    [
        "Hùng",
        "Dũng",
        "Minh",
        "Tuấn",
        "Hải",
        "Sơn",
        "Nam",
        "Long",
        "Thành",
        "Cường",
        "Quang",
        "Thắng",
        "Đức",
        "Anh",
        "Hiếu",
        "Bình",
        "Hưng",
        "Phúc",
        "Khánh",
        "Trung",
        "Tài",
        "Toàn",
        "Tùng",
        "Lâm",
        "Phong",
        "Vinh",
        "Tâm",
        "Hoà",
        "An",
        "Huy",
        "Đạt",
        "Khoa",
        "Nghĩa",
        "Thịnh",
        "Lộc",
        "Phước",
        "Sang",
        "Tân",
        "Vũ",
        "Đông",
    ],
)
_WOMEN = (
    [
        "Thị",
        "Thị",
        "Thị",
        "Thị",
        "Thị",
        "Thị",
        "Ngọc",
        "Thị|Thu",
        "Thị|Thanh",
        "Thị|Kim",
        "Thị|Mỹ",
        "Thuỳ",
        "Thị|Bích",
        "Thị|Hồng",
        "Phương",
        "Khánh",
        "Minh",
    ],
    [
        "Hương",
        "Lan",
        "Hoa",
        "Hà",
        "Thuỷ",
        "Nga",
        "Hạnh",
        "Linh",
        "Mai",
        "Thảo",
        "Trang",
        "Hằng",
        "Phương",
        "Dung",
        "Yến",
        "Ngọc",
        "Loan",
        "Nhung",
        "Huyền",
        "Oanh",
        "Tuyết",
        "Thu",
        "Vân",
        "Liên",
        "Hiền",
        "Trinh",
        "Nhi",
        "Vy",
        "Quỳnh",
        "My",
        "Như",
        "Thương",
        "Ánh",
        "Đào",
        "Cúc",
        "Bình",
        "Tâm",
        "Hoà",
        "Anh",
        "Xuân",
    ],
)


def name(dice: Random) -> str:
    """Draw somebody's full name: family, middle and given."""
    middle, given = _MEN if dice.random() < 0.54 else _WOMEN  # men among officials
    (family,) = dice.choices(list(_FAMILY), cum_weights=_SHARES)
    (last,) = dice.choices(given, cum_weights=list(accumulate(1 / (5 + rank) for rank in range(len(given)))))
    return f"{family} {dice.choice(middle).replace('|', ' ')} {last}"


def another(dice: Random, old: str) -> str:
    """Give somebody another middle name: a correction, or a name taken back."""
    first, *_, last = old.split()
    return f"{first} {dice.choice([word for word in ('Tố', 'Diệu', 'Nhật', 'Bảo') if word not in old])} {last}"


_SHARES = list(accumulate(_FAMILY.values()))
