"""Guides: what is filled in stays text, links and pictures lead somewhere, and nothing is left open."""

from __future__ import annotations

import io

import pytest
from ansible_collections.congvu.mail.plugins.module_utils.guides import GuideError, filled, pages, told_size
from jinja2 import UndefinedError
from PIL import Image

THEME = {
    "page.html.j2": "{% for one in guide.headings %}[{{ one.text }}]{% endfor %}{{ guide.body }}",
    "style.css": "",
}


def picture(width: int, height: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height)).save(written, "WEBP")
    return written.getvalue()


def page(text: str, **told: object) -> str:
    """Return the page of a guide that begins with a title."""
    found = pages({"a.md": f"# A\n\nMở đầu.\n\n{text}"}, {"images/a.webp": picture(4, 3)}, THEME, told)
    assert list(found) == ["a.html"]
    return found["a.html"].decode()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Mở {{ host }}.", "<p>Mở thu_cong_vu.vn.</p>"),
        ("**{{ nasty }}**", "<strong>a*b*_c_&lt;i&gt;[d](e)`f`</strong>"),
        ("| a |\n|---|\n| {{ pipe }} |", "<td>x|y</td>"),
        ("[{{ host }}](https://{{host}}/)", '<a href="https://thu_cong_vu.vn/">thu_cong_vu.vn</a>'),
        ("<!--% if yes %-->\ncó\n<!--% else %-->\nkhông\n<!--% endif %-->", "<p>có</p>"),
        ("có<!--% if not yes %-->, thêm<!--% endif %-->.", "<p>có.</p>"),
        ("{# cho người sửa #}\n\nbài", "<p>bài</p>"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("## Đổi tên, thôi việc\n\n[xem](#đổi-tên-thôi-việc)", '<h2 id="đổi-tên-thôi-việc">Đổi tên, thôi việc</h2>'),
    ],
)
def test_what_is_filled_in_stays_text(text: str, html: str) -> None:
    told = {"host": "thu_cong_vu.vn", "nasty": "a*b*_c_<i>[d](e)`f`", "pipe": "x|y", "yes": True}
    assert html in page(text, **told)


def test_a_picture_is_in_the_page_with_its_size_and_its_words() -> None:
    shown = page("![Trang đăng nhập](images/a.webp)")
    assert '<img src="data:image/webp;base64,' in shown
    assert 'alt="Trang đăng nhập" width="4" height="3"' in shown


def test_contents_and_anchors_are_those_of_the_headings() -> None:
    shown = page("## Một `hai`\n\n### Nhỏ\n\n## Ba")
    assert "[Một hai][Ba]" in shown
    assert '<h3 id="nhỏ">' in shown


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("![](images/a.webp)", "has no words"),
        ("![Hình](images/b.webp)", "no picture images/b.webp"),
        ("![Hình](a.md)", "no picture a.md"),
        ("[x](#không-có)", "leads nowhere"),
        ("[x](b.md)", "b.html leads nowhere"),
        ("[x](../how-to/mat-khau.md)", "leads nowhere"),
    ],
)
def test_what_leads_nowhere_is_refused(text: str, fault: str) -> None:
    with pytest.raises(GuideError, match=fault):
        page(text)


def test_links_between_guides_lead_to_their_pages() -> None:
    found = pages({"README.md": "# Đầu\n\n[a](a.md#hai)", "a.md": "# A\n\n## Hai\n\n[về](README.md)"}, {}, THEME, {})
    assert found.keys() == {"index.html", "a.html"}
    assert '<a href="a.html#hai">' in found["index.html"].decode()
    assert '<a href="index.html">' in found["a.html"].decode()


def test_a_guide_without_a_title_is_refused() -> None:
    with pytest.raises(GuideError, match=r"a\.md has no title"):
        pages({"a.md": "Mở đầu."}, {}, THEME, {})


def test_what_is_no_fact_is_refused() -> None:
    with pytest.raises(UndefinedError, match="webmial"):
        filled("{{ webmial }}", {"webmail": "x"})


@pytest.mark.parametrize(
    ("size", "said"), [(2 * 2**30, "2 GB"), (31457280 * 3 // 4, "22 MB"), (3 * 2**40, "3 TB"), (2**20, "1 MB")]
)
def test_sizes_are_told_as_people_read_them(size: int, said: str) -> None:
    assert told_size(size) == said
