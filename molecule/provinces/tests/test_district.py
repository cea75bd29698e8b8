"""A district inside a city manages its own part of the city's directory and nothing else (BT Điều 3, 7.1, 8.3).

Beside the district stands an agency of the city's own, made by the city's engine and removed afterwards.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from ...reach import Connection, changes, chosen_password, new_password, sees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .conftest import Province

CITY = "dc=tphcm,dc=gov,dc=vn"
# As converge.yml has it.
LAID_OUT_WITH = """{"directory_observed": ["ou=people,{{ estate_suffix }}"]}"""
DISTRICT = f"ou=binhtan,{CITY}"
CITY_AGENCY, CITY_PERSON = f"ou=thu-so,ou=agencies,{CITY}", f"uid=thu001,ou=thu-so,ou=agencies,{CITY}"
OUR_AGENCY, OUR_PERSON = f"ou=thu-phuong,ou=agencies,{DISTRICT}", f"uid=thu002,ou=thu-phuong,ou=agencies,{DISTRICT}"
OUR_RECONCILER = f"cn=reconciler,ou=services,{DISTRICT}"
Accounts = dict[str, Connection]


def agency(code: str) -> tuple[list[str], dict[str, str]]:
    """Return an agency's entry."""
    marks = {"congvuEstate": "tests", "congvuId": f"agency:{code}", "congvuState": "active"}
    return ["organizationalUnit", "congvuObject"], marks


def person(uid: str, **more: str) -> tuple[list[str], dict[str, str]]:
    """Return a person's entry."""
    address = more.pop("mail", f"{uid}@tphcm.gov.vn")
    attributes = {
        "congvuEstate": "tests",
        "congvuId": f"person:{uid}",
        "congvuState": "active",
        "congvuQuota": "1000000",
        "cn": "Nguyễn Văn Thử",
        "sn": "Nguyễn",
        "mail": address,
        "mailLocalAddress": address,
        **more,
    }
    return ["inetOrgPerson", "inetLocalMailRecipient", "congvuObject", "congvuMailbox"], attributes


def creates(connection: Connection, dn: str, entry: tuple[list[str], Mapping[str, str]]) -> bool:
    """Tell whether an entry can be added; remove it again."""
    return bool(connection.add(dn, *entry) and connection.delete(dn))


def moves(connection: Connection, dn: str, superior: str) -> bool:
    """Tell whether an entry can be moved; move it back."""
    name, _, home = dn.partition(",")
    there = bool(connection.modify_dn(dn, name, new_superior=superior))
    return there and bool(connection.modify_dn(f"{name},{superior}", name, new_superior=home))


@pytest.fixture(scope="module")
def accounts(province_of: Callable[[str], Province]) -> Iterator[Accounts]:
    """Sign in as the engines of the city and of the district, each with an agency and a person of its own."""
    binhtan = province_of("binhtan")
    with ExitStack() as stack:
        city = stack.enter_context(binhtan.directory(f"cn=reconciler,ou=services,{CITY}", "upstream/ldap-reconciler"))
        district = stack.enter_context(binhtan.directory(OUR_RECONCILER, "secrets/ldap-reconciler"))
        made = [
            (city, CITY_AGENCY, agency("thu-so")),
            (city, CITY_PERSON, person("thu001", userPassword=new_password())),
            (district, OUR_AGENCY, agency("thu-phuong")),
            (district, OUR_PERSON, person("thu002", userPassword=new_password())),
        ]
        for engine, dn, _ in reversed(made):
            engine.delete(dn)
        for engine, dn, entry in made:
            assert engine.add(dn, *entry), (dn, engine.result)
        yield {"city": city, "district": district}
        for engine, dn, _ in reversed(made):
            assert engine.delete(dn), engine.result


ACTIONS: dict[str, Callable[[Connection], bool]] = {
    # The district's own part
    "see where the district begins": lambda one: sees(one, DISTRICT),
    "see the district": lambda one: sees(one, OUR_PERSON, "congvuId"),
    "see a password of the district": lambda one: sees(one, OUR_PERSON, "userPassword"),
    "create an agency in the district": lambda one: creates(
        one, f"ou=thu-moi,ou=agencies,{DISTRICT}", agency("thu-moi")
    ),
    "create a person in the district": lambda one: creates(one, f"uid=thu009,{OUR_AGENCY}", person("thu009")),
    "change a title in the district": lambda one: changes(one, OUR_PERSON, "title", "Chuyên viên"),
    "set a password in the district": lambda one: changes(one, OUR_PERSON, "userPassword", new_password()),
    "move a person within the district": lambda one: moves(one, OUR_PERSON, f"ou=vpubnd,ou=agencies,{DISTRICT}"),
    "remember an apply of the district": lambda one: creates(
        one, f"cn=thu,ou=control,{DISTRICT}", (["applicationProcess"], {"description": "{}"})
    ),
    # Its frame, which the city laid
    "change the district's own entry": lambda one: changes(one, DISTRICT, "description", "Quận khác"),
    "remove the district": lambda one: bool(one.delete(f"ou=control,{DISTRICT}")),
    "change the district's account": lambda one: changes(one, OUR_RECONCILER, "userPassword", new_password()),
    "make an account in the district": lambda one: creates(
        one,
        f"cn=thu,ou=services,{DISTRICT}",
        (["organizationalRole", "simpleSecurityObject"], {"userPassword": new_password()}),
    ),
    # The city's
    "see the city": lambda one: sees(one, CITY),
    "see the city's agencies": lambda one: sees(one, CITY_AGENCY, "ou"),
    "see the city's people": lambda one: sees(one, CITY_PERSON, "mail"),
    "see the city's accounts": lambda one: sees(one, f"cn=postfix,ou=services,{CITY}", "description"),
    "see the city's policies": lambda one: sees(one, f"cn=default,ou=policies,{CITY}", "description"),
    "see the city's memory": lambda one: sees(one, f"ou=control,{CITY}"),
    "see the accesslog": lambda one: sees(one, "cn=accesslog"),
    "create an agency in the city": lambda one: creates(one, f"ou=thu-moi,ou=agencies,{CITY}", agency("thu-moi")),
    "create a person in the city": lambda one: creates(one, f"uid=thu009,{CITY_AGENCY}", person("thu009")),
    "create another district": lambda one: creates(one, f"ou=quan-khac,{CITY}", (["organizationalUnit"], {})),
    "change a title in the city": lambda one: changes(one, CITY_PERSON, "title", "Chuyên viên"),
    "set a password in the city": lambda one: changes(one, CITY_PERSON, "userPassword", new_password()),
    "push a person into the city": lambda one: moves(one, OUR_PERSON, CITY_AGENCY),
    "pull a person out of the city": lambda one: moves(one, CITY_PERSON, OUR_AGENCY),
    "change the city's policy": lambda one: changes(one, f"cn=default,ou=policies,{CITY}", "pwdMinLength", "1"),
}

MATRIX = """
                                  | district city
see where the district begins     |   yes    yes
see the district                  |   yes    yes
see a password of the district    |    -      -
create an agency in the district  |   yes     -
create a person in the district   |   yes     -
change a title in the district    |   yes     -
set a password in the district    |   yes     -
move a person within the district |   yes     -
remember an apply of the district |   yes     -
change the district's own entry   |    -      -
remove the district               |    -      -
change the district's account     |    -      -
make an account in the district   |    -      -
see the city                      |    -     yes
see the city's agencies           |    -     yes
see the city's people             |    -     yes
see the city's accounts           |    -     yes
see the city's policies           |    -     yes
see the city's memory             |    -     yes
see the accesslog                 |    -      -
create an agency in the city      |    -     yes
create a person in the city       |    -     yes
create another district           |    -      -
change a title in the city        |    -     yes
set a password in the city        |    -     yes
push a person into the city       |    -      -
pull a person out of the city     |    -      -
change the city's policy          |    -      -
"""


def matrix() -> Iterator[tuple[str, str, bool]]:
    """Read the table above."""
    head, *rows = (line.split("|") for line in MATRIX.strip("\n").splitlines())
    for what, marks in rows:
        yield from (
            (who, what.strip(), mark == "yes") for who, mark in zip(head[1].split(), marks.split(), strict=True)
        )


@pytest.mark.parametrize(("who", "what", "allowed"), tuple(matrix()))
def test_nobody_may_do_more_or_less_than_the_matrix_says(
    who: str, what: str, *, allowed: bool, accounts: Accounts
) -> None:
    assert ACTIONS[what](accounts[who]) is allowed, accounts[who].result


def test_the_matrix_names_every_action() -> None:
    assert {what for _, what, _ in matrix()} == set(ACTIONS)


def test_a_search_shows_the_district_all_of_its_part_and_nothing_of_the_city(accounts: Accounts) -> None:
    district = accounts["district"]
    district.search(DISTRICT, "(objectClass=inetOrgPerson)", attributes=["1.1"])
    assert OUR_PERSON in {entry["dn"] for entry in district.response}
    district.search(CITY, "(objectClass=*)", attributes=["1.1"])
    assert district.response == []


def test_an_address_of_the_citys_is_refused_to_the_district(accounts: Accounts) -> None:
    district = accounts["district"]
    assert not district.add(f"uid=thu009,{OUR_AGENCY}", *person("thu009", mail="thu001@tphcm.gov.vn"))
    assert district.result["description"] == "constraintViolation"


def test_city_and_district_may_each_have_an_agency_of_the_same_code(accounts: Accounts) -> None:
    assert creates(accounts["city"], f"ou=vpubnd,ou=agencies,{CITY}", agency("vpubnd"))


def test_people_of_the_district_find_the_citys_in_the_address_book(
    province_of: Callable[[str], Province], accounts: Accounts
) -> None:
    assert accounts
    uid = "bt00005"
    binhtan = province_of("binhtan")
    with binhtan.directory(OUR_RECONCILER, "secrets/ldap-reconciler") as engine:
        engine.search(DISTRICT, f"(uid={uid})", attributes=["1.1"])
        dn = engine.response[0]["dn"]
    chosen_password(binhtan.state, f"{binhtan.subnet}.10", binhtan.domain, binhtan.suffix, uid)
    with binhtan.directory(dn, f"secrets/chosen-passwords/{uid}") as somebody:
        assert sees(somebody, CITY_PERSON, "mail")
        assert not sees(somebody, CITY_PERSON, "congvuQuota")


def test_laying_out_the_district_again_changes_nothing(province_of: Callable[[str], Province]) -> None:
    said = province_of("binhtan").playbook("playbooks/site.yml", "--tags", "directory", "--extra-vars", LAID_OUT_WITH)
    assert re.search(r"ldap\.tphcm\.gov\.vn +: ok=\d+ +changed=0 ", said), said
