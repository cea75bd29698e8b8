"""The records of a mail domain follow from what its operator knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import dns.rdatatype
import dns.zone
import pytest
from ansible_collections.congvu.mail.plugins.plugin_utils import records
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

KEY = generate_private_key(SECP256R1())
PUBLIC = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
DIGEST = sha256(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest().upper()
POLICY = "version: STSv1\nmode: enforce\nmx: mx.doitac.example\nmax_age: 604800\n"


def certificate(key: EllipticCurvePrivateKey, serial: int) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mx.doitac.example")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), serial)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    signed = builder.not_valid_before(start).not_valid_after(start + timedelta(days=90)).sign(key, SHA256())
    return signed.public_bytes(Encoding.PEM).decode()


def spec(**changes: object) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "domain": "doitac.example",
        "subdomains": [],
        "subdomain_hosts": [],
        "ttl": 3600,
        "addresses": [],
        "mx": [],
        "spf": [],
        "dkim": [],
        "dmarc_policy": "reject",
        "dmarc_reports": [],
        "mta_sts_policy": "",
        "tls_reports": [],
        "tlsa": [],
        "services": [],
        "caa": [],
    }
    return nothing | changes


def published(zone: str, name: str, rdtype: str) -> list[str]:
    """Read a rendered zone as a name server would and answer one question."""
    header = "@ 3600 IN SOA ns hostmaster 1 2 3 4 5\n@ 3600 IN NS ns\nns 3600 IN A 198.18.0.53\n"
    parsed = dns.zone.from_text(header + zone, origin="doitac.example.", relativize=False)
    found = parsed.get_rdataset(name, rdtype)
    return sorted(rdata.to_text() for rdata in found) if found else []


def read(zone: str, name: str) -> list[str]:
    """Join the character-strings of TXT records."""
    header = "@ 3600 IN SOA ns hostmaster 1 2 3 4 5\n@ 3600 IN NS ns\nns 3600 IN A 198.18.0.53\n"
    parsed = dns.zone.from_text(header + zone, origin="doitac.example.", relativize=False)
    return [b"".join(rdata.strings).decode() for rdata in parsed.find_rdataset(name, "TXT")]


MX = [{"host": "mx.doitac.example", "preference": 10}]


@pytest.mark.parametrize(
    ("changes", "name", "rdtype", "data"),
    [
        pytest.param(
            {"addresses": [{"name": "mx.doitac.example", "addresses": ["198.18.0.20", "2001:DB8::20"]}]},
            "mx.doitac.example.",
            "A",
            ["198.18.0.20"],
            id="an IPv4 address is an A record",
        ),
        pytest.param(
            {"addresses": [{"name": "MX.doitac.example.", "addresses": ["198.18.0.20", "2001:DB8::20"]}]},
            "mx.doitac.example.",
            "AAAA",
            ["2001:db8::20"],
            id="an IPv6 address is an AAAA record",
        ),
        pytest.param(
            {"mx": [*MX, {"host": "mx2.doitac.example", "preference": 20}]},
            "doitac.example.",
            "MX",
            ["10 mx.doitac.example.", "20 mx2.doitac.example."],
            id="each mail host is an MX record",
        ),
        pytest.param(
            {"mx": [{"host": "mx.doitac.example"}]}, "doitac.example.", "MX", ["10 mx.doitac.example."], id="10"
        ),
        pytest.param({"spf": ["mx"]}, "doitac.example.", "TXT", ['"v=spf1 mx -all"'], id="SPF ends in -all"),
        pytest.param({}, "doitac.example.", "TXT", ['"v=spf1 -all"'], id="SPF of a domain that never sends"),
        pytest.param({"mx": MX}, "mx.doitac.example.", "TXT", ['"v=spf1 a -all"'], id="SPF for the name in HELO"),
        pytest.param(
            {"dmarc_reports": ["a@doitac.example", "b@doitac.example"]},
            "_dmarc.doitac.example.",
            "TXT",
            ['"v=DMARC1; p=reject; rua=mailto:a@doitac.example,mailto:b@doitac.example"'],
            id="DMARC with reports",
        ),
        pytest.param({}, "_dmarc.doitac.example.", "TXT", ['"v=DMARC1; p=reject"'], id="DMARC without reports"),
        pytest.param(
            {"mta_sts_policy": POLICY},
            "_mta-sts.doitac.example.",
            "TXT",
            [f'"v=STSv1; id={sha256(POLICY.encode()).hexdigest()[:32]}"'],
            id="the MTA-STS identifier follows from the policy",
        ),
        pytest.param({}, "_mta-sts.doitac.example.", "TXT", [], id="no policy, no MTA-STS record"),
        pytest.param(
            {"tls_reports": ["tls@doitac.example"]},
            "_smtp._tls.doitac.example.",
            "TXT",
            ['"v=TLSRPTv1; rua=mailto:tls@doitac.example"'],
            id="TLS reporting",
        ),
        pytest.param(
            {
                "tlsa": [
                    {"name": "mx.doitac.example", "port": 25, "certificate": certificate(KEY, 1)},
                    {"name": "mx.doitac.example", "port": 25, "certificate": certificate(KEY, 2)},
                ]
            },
            "_25._tcp.mx.doitac.example.",
            "TLSA",
            [f"3 1 1 {DIGEST.lower()}"],
            id="two certificates of one key are one TLSA record",
        ),
        pytest.param(
            {"services": [{"service": "imaps", "port": 993, "target": "imap.doitac.example"}]},
            "_imaps._tcp.doitac.example.",
            "SRV",
            ["0 1 993 imap.doitac.example."],
            id="a service is found",
        ),
        pytest.param(
            {"services": [{"service": "pop3", "port": 0}]},
            "_pop3._tcp.doitac.example.",
            "SRV",
            ["0 0 0 ."],
            id="a service is declared absent",
        ),
        pytest.param({"caa": ["ca.example"]}, "doitac.example.", "CAA", ['0 issue "ca.example"'], id="CAA"),
    ],
)
def test_a_name_server_reads_the_zone(changes: dict[str, Any], name: str, rdtype: str, data: list[str]) -> None:
    assert published(records.mail_zone(spec(**changes)), name, rdtype) == data


DKIM = [{"selector": "rsa2026a", "value": "v=DKIM1; k=rsa; p=AAAA"}]
SERVICES = [{"service": "imaps", "port": 993, "target": "imap.doitac.example"}, {"service": "pop3"}]
BRANCH = spec(
    subdomains=["Hue.doitac.example.", "xa.hue.doitac.example"],
    subdomain_hosts=["mta-sts", "autoconfig"],
    mx=MX,
    spf=["mx", "a:smtp.doitac.example"],
    dkim=DKIM,
    mta_sts_policy=POLICY,
    tls_reports=["tls@doitac.example"],
    services=SERVICES,
    caa=["ca.example"],
)


@pytest.mark.parametrize("branch", ["hue", "xa.hue"])
@pytest.mark.parametrize(
    ("name", "rdtype", "data"),
    [
        pytest.param("", "MX", ["10 mx.doitac.example."], id="its mail goes to the same hosts"),
        pytest.param("", "TXT", ['"v=spf1 mx a:smtp.doitac.example -all"'], id="and leaves from the same"),
        pytest.param(
            "rsa2026a._domainkey.", "CNAME", ["rsa2026a._domainkey.doitac.example."], id="the key is the first's"
        ),
        pytest.param("_dmarc.", "CNAME", ["_dmarc.doitac.example."], id="DMARC is the first's"),
        pytest.param("_mta-sts.", "CNAME", ["_mta-sts.doitac.example."], id="the MTA-STS policy is the first's"),
        pytest.param("mta-sts.", "CNAME", ["mta-sts.doitac.example."], id="and so is the host that serves it"),
        pytest.param("autoconfig.", "CNAME", ["autoconfig.doitac.example."], id="and the one for mail programs"),
        pytest.param("_smtp._tls.", "CNAME", ["_smtp._tls.doitac.example."], id="TLS is reported to the same people"),
        pytest.param("_imaps._tcp.", "SRV", ["0 1 993 imap.doitac.example."], id="services are found"),
        pytest.param("_pop3._tcp.", "SRV", ["0 0 0 ."], id="services are declared absent"),
        pytest.param("", "CAA", [], id="CAA holds for all that lies below (RFC 8659)"),
    ],
)
def test_a_domain_below_publishes_the_same(branch: str, name: str, rdtype: str, data: list[str]) -> None:
    assert published(records.mail_zone(BRANCH), f"{name}{branch}.doitac.example.", rdtype) == data


def test_a_domain_below_points_at_nothing_that_the_first_does_not_publish() -> None:
    bare = records.mail_zone(spec(subdomains=["hue.doitac.example"]))
    assert [line for line in bare.splitlines() if " CNAME " in line] == [
        "_dmarc.hue.doitac.example. 3600 IN CNAME _dmarc.doitac.example."
    ]


def test_a_domain_below_leaves_the_records_of_the_first_as_they_are() -> None:
    alone = records.mail_zone({**BRANCH, "subdomains": []})
    assert records.mail_zone(BRANCH).startswith(alone)


def test_a_mail_host_that_is_a_mail_domain_too_has_one_spf_record() -> None:
    zone = records.mail_zone(spec(subdomains=["mx.doitac.example"], mx=MX, spf=["mx"]))
    assert read(zone, "mx.doitac.example.") == ["v=spf1 mx -all"]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("v=DKIM1; k=rsa; p=" + "A" * 700, id="bare"),
        pytest.param(
            '( "v=DKIM1; k=rsa; "\n\t  "p=' + "A" * 350 + '"\n\t  "' + "A" * 350 + '" ) ; key', id="as genkey prints"
        ),
    ],
)
def test_a_long_dkim_key_survives_its_chunks(value: str) -> None:
    zone = records.mail_zone(spec(dkim=[{"selector": "rsa2026a", "value": value}]))
    assert read(zone, "rsa2026a._domainkey.doitac.example.") == ["v=DKIM1; k=rsa; p=" + "A" * 700]


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"\\'), min_size=1))
def test_any_text_comes_back_from_its_chunks(value: str) -> None:
    value = value.strip() or "x"
    data = records.text(value)
    assert max(map(len, data.split('" "'))) <= records.CHUNK + 2 or '" "' in value
    assert read(f"t.doitac.example. 60 IN TXT {data}\n", "t.doitac.example.") == [value]


def test_a_certificate_its_chain_and_its_public_key_give_one_tlsa_record() -> None:
    chain = certificate(KEY, 1) + certificate(generate_private_key(SECP256R1()), 2)
    assert {records.tlsa(pem) for pem in (PUBLIC, certificate(KEY, 1), chain)} == {f"3 1 1 {DIGEST}"}


def test_the_policy_is_what_the_rfc_shows() -> None:
    assert records.mta_sts_policy(["MX.doitac.example."], "enforce", 604800) == POLICY


def test_the_owner_of_the_addresses_is_told_the_pointers_of_mail_hosts_only() -> None:
    hosts = [
        {"name": "mx.doitac.example", "addresses": ["198.18.0.20"]},
        {"name": "imap.doitac.example", "addresses": ["198.18.0.21"]},
    ]
    comments = [line for line in records.mail_zone(spec(mx=MX, addresses=hosts)).splitlines() if " PTR " in line]
    assert comments == [";   20.0.18.198.in-addr.arpa. 3600 IN PTR mx.doitac.example."]


def test_the_same_description_gives_the_same_bytes() -> None:
    full = spec(mx=MX, caa=["ca.example"], tlsa=[{"name": "mx.doitac.example", "port": 25, "certificate": PUBLIC}])
    assert records.mail_zone(full) == records.mail_zone(full)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"domain": "doitac..example"}, "'doitac..example' is no domain name"),
        ({"addresses": [{"name": "mx.other.example", "addresses": ["198.18.0.1"]}]}, "lies outside doitac.example"),
        ({"addresses": [{"name": "xdoitac.example", "addresses": ["198.18.0.1"]}]}, "lies outside doitac.example"),
        ({"addresses": [{"name": "mx.doitac.example", "addresses": ["198.18.0"]}]}, "198.18.0"),
        ({"subdomains": ["hue.other.example"]}, "hue.other.example does not lie below doitac.example"),
        ({"subdomains": ["xdoitac.example"]}, "does not lie below doitac.example"),
        ({"subdomains": ["doitac.example"]}, "does not lie below doitac.example"),
        ({"dkim": [{"selector": "a", "value": "p=AAAA"}]}, "selector a does not begin with v=DKIM1"),
        ({"dkim": [{"selector": "a", "value": "v=DKIM1; n=khoá"}]}, "cannot be published as text"),
        ({"tlsa": [{"name": "mx.doitac.example", "port": 25, "certificate": "key"}]}, "this is neither"),
    ],
)
def test_a_faulty_description_is_refused_with_its_reason(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        records.mail_zone(spec(**changes))


@pytest.mark.parametrize(
    ("mx", "mode", "max_age", "message"),
    [
        (["mx.doitac.example"], "strict", 604800, "none of enforce"),
        ([], "enforce", 604800, "at least one mail host"),
        (["mx.doitac.example"], "enforce", 0, "up to one year"),
    ],
)
def test_a_faulty_policy_is_refused_with_its_reason(mx: list[str], mode: str, max_age: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        records.mta_sts_policy(mx, mode, max_age)
