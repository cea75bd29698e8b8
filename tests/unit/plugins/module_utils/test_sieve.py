"""What Sieve scripts may do with letters, however they are written."""

from __future__ import annotations

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.sieve import Doings, doings

ROUNDCUBE = """\
require ["copy","fileinto"];
# rule:[Chuyển tiếp]
if header :contains "subject" "hoá đơn"
{
\tredirect :copy "ke-gian@example.net";
\tstop;
}
"""


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("", Doings(), id="nothing"),
        pytest.param('fileinto "Lưu trữ"; keep;', Doings(), id="a filing rule"),
        pytest.param(ROUNDCUBE, Doings(("ke-gian@example.net",)), id="a rule made in the webmail"),
        pytest.param('REDIRECT "a@b.example";', Doings(("a@b.example",)), id="capitals"),
        pytest.param(
            'redirect "a@b.example"; redirect "c@d.example"; redirect "a@b.example";',
            Doings(("a@b.example", "c@d.example")),
            id="several",
        ),
        pytest.param("redirect text:\na@b.example\n.\n;", Doings(("a@b.example",)), id="a block of text"),
        pytest.param(r'redirect "\"a b\"@c.example";', Doings(('"a b"@c.example',)), id="quotes within quotes"),
        pytest.param("if true { discard; }", Doings(discards=True), id="letters thrown away"),
        pytest.param('include :personal "khac";', Doings(includes=True), id="another script"),
        pytest.param('# redirect "a@b.example";\n/* discard; */ keep;', Doings(), id="comments"),
        pytest.param('if header "subject" "redirect discard" { keep; }', Doings(), id="words within a text"),
        pytest.param('vacation "redirect \\"a@b.example\\"; discard;";', Doings(), id="an absence notice"),
        pytest.param('if address "from" "x@y.example" { keep; }', Doings(), id="an address that is only looked for"),
    ],
)
def test_a_script_may(script: str, expected: Doings) -> None:
    assert doings(script) == expected
    assert doings(script).is_harmful is (expected != Doings())
