"""What each regulation says of addresses holds in a directory that its registry filled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from ansible_collections.congvu.mail.plugins.module_utils import holdings, source
from ansible_collections.congvu.mail.plugins.module_utils.directory import Access, LdapDirectory
from ansible_collections.congvu.mail.plugins.modules.holdings import rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Province

ROOT = Path(__file__).parents[3]
ESTATES = ("binhtan", "camau", "daklak", "haiduong", "thuathienhue")
WITH_A_LAB = tuple(estate for estate in ESTATES if estate != "thuathienhue")

# Where the regulation prints an example it stands here; where it prints a form alone, somebody whom the form fits.
EXAMPLES = [
    ("daklak", "DL Điều 5.2.a", "letrongkhoi@daklak.gov.vn", "Lê Trọng Khôi"),
    ("daklak", "DL Điều 5.2.b", "vpubnd@daklak.gov.vn", "Văn phòng UBND tỉnh"),
    ("daklak", "DL Điều 5.2.b", "sttt@daklak.gov.vn", "Sở Thông tin và Truyền thông"),
    ("daklak", "DL Điều 5.2.b", "buonmathuot@daklak.gov.vn", "UBND thành phố Buôn Ma Thuột"),
    ("daklak", "DL Điều 5.2.b", "cukuin@daklak.gov.vn", "UBND huyện Cư Kuin"),
    ("daklak", "DL Điều 5.2.c, rule over example", "phongcntt@sttt.daklak.gov.vn", "Phòng Công nghệ thông tin"),
    ("daklak", "DL Điều 5.2.c", "quangphu@cumgar.daklak.gov.vn", "UBND thị trấn Quảng Phú"),
    (
        "daklak",
        "DL Điều 5.2.c, rule over example",
        "thanhnhat@buonmathuot.daklak.gov.vn",
        "UBND phường Thành Nhất",
    ),
    ("daklak", "DL Điều 5.2.c", "namtv@vpubnd.daklak.gov.vn", "Trần Văn Nam"),
    ("haiduong", "HD Điều 2.3, 2.4", "hoang.thi.thu.nga@haiduong.gov.vn", "Hoàng Thị Thu Nga"),
    ("haiduong", "HD Điều 2.3, 2.4", "vpubnd@haiduong.gov.vn", "Văn phòng UBND tỉnh"),
    ("haiduong", "HD Điều 2.3, 2.4", "tthcc.vpubnd@haiduong.gov.vn", "Trung tâm Phục vụ hành chính công"),
    ("camau", "CM Điều 4.1", "vpubnd@camau.gov.vn", "Văn phòng UBND tỉnh"),
    ("camau", "CM Điều 4.3", "vqdong@camau.gov.vn", "Võ Quốc Đông"),
    ("binhtan", "BT Điều 5, agency", "vpubnd.binhtan@tphcm.gov.vn", "Văn phòng UBND quận"),
    ("binhtan", "BT Điều 5, person", "ltbtrang.binhtan@tphcm.gov.vn", "Lâm Thị Bích Trang"),
    ("binhtan", "BT Điều 5, ward", "qnsang.binhhunghoaa.bt@tphcm.gov.vn", "Quách Nhật Sang"),
]


def test_the_estates_are_those_of_the_regulations() -> None:
    assert sorted(path.parent.name for path in ROOT.glob("inventories/*/registry")) == list(ESTATES)


@pytest.mark.parametrize("estate", ESTATES)
def test_a_registry_holds_no_fault(estate: str) -> None:
    assert source.load(ROOT / "inventories" / estate / "registry").estate.name == estate


@pytest.mark.parametrize("estate", WITH_A_LAB)
def test_a_second_plan_finds_nothing_to_do(estate: str, province_of: Callable[[str], Province]) -> None:
    assert "Nothing to do: the directory is as the registry says" in province_of(estate).playbook("playbooks/plan.yml")


@pytest.mark.parametrize(("estate", "cite", "address", "name"), EXAMPLES)
def test_the_mail_servers_find_who_the_regulation_says(
    estate: str, cite: str, address: str, name: str, province_of: Callable[[str], Province]
) -> None:
    province = province_of(estate)
    # A district's mail is delivered by its city.
    top = province.suffix[province.suffix.index("dc=") :]
    secrets = "secrets" if top == province.suffix else "upstream"
    with province.directory(f"cn=postfix,ou=services,{top}", f"{secrets}/ldap-postfix") as postfix:
        postfix.search(top, f"(&(mailLocalAddress={address})(congvuState=active))", attributes=["cn", "mail"])
        found = [(entry["attributes"]["cn"], entry["attributes"]["mail"]) for entry in postfix.response]
    assert found == [([name], [address])], cite


def test_in_ca_mau_the_store_is_told_of_folders_for_documents_and_of_whose_units(
    province_of: Callable[[str], Province],
) -> None:
    camau = province_of("camau")
    registry = ROOT / "inventories" / "camau" / "registry"
    access = Access(
        uri=f"ldaps://{camau.subnet}.10",
        server_name=f"ldap.{camau.domain}",
        ca_file=camau.state / "ca" / "ca.pem",
        bind_dn=f"cn=reconciler,ou=services,{camau.suffix}",
        password_file=camau.state / "secrets" / "ldap-reconciler",
    )
    with LdapDirectory.connect(access) as directory:
        offices = holdings.read(directory, "camau", camau.suffix).offices
    stp = yaml.safe_load((registry / "agencies" / "stp.yml").read_text(encoding="utf-8"))
    told = rule(str(registry), {code: dict(units) for code, units in offices.items()})
    assert told["agencies"]["stp"] == {f"stp-{code}": unit["name"] for code, unit in stp["units"].items()}
    assert [stage["name"] for stage in told["stages"]] == ["Đã vào sổ", "Đã phân công", "Đã giải quyết"]
    assert rule(str(ROOT / "inventories" / "haiduong" / "registry"), {}) == {}
