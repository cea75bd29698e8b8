"""The charts of a periodic report, as SVG inside the page: nothing is fetched, nothing moves."""

from __future__ import annotations

import sys
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pygal
from pygal.style import Style

from .reportwords import day, gigabytes, percent

# pygal puts a finder of its plugins into the interpreter, of a kind that Python no longer asks, and warns of.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != pygal.__name__]

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from .figures import Row, Share
    from .looks import Window

MOST = 15  # bars that one chart can carry
_BLUE = "#8DB4DA"  # light enough for a figure to stand on it
_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#111",
    foreground_strong="#111",
    foreground_subtle="#999",
    guide_stroke_color="#ddd",
    major_guide_stroke_color="#ddd",
    opacity="1",
    font_family="Tinos, serif",
    colors=(_BLUE,),
    label_font_size=13,
    major_label_font_size=13,
    value_font_size=13,
    title_font_size=15,
    legend_font_size=13,
)
_NAME = 34  # characters of an agency's name beside its bar


def by_window(found: Sequence[tuple[Window, Share]]) -> str:
    """Show in which part of the day mailboxes are looked into often enough."""
    chart = _chart(
        pygal.HorizontalBar, height=70 + 34 * len(found), range=(0, 100), show_x_guides=False, show_y_guides=False
    )
    chart.x_labels = [f"{window.name} ({window.hours})" for window, _ in reversed(found)]
    chart.add("", [_bar(share.rate) for _, share in reversed(found)])
    return _picture(chart)


def best(rows: Sequence[Row]) -> str:
    """Show the score of the best agencies."""
    shown = [row for row in rows if row.rank is not None][:MOST]
    chart = _chart(
        pygal.HorizontalBar, height=70 + 26 * len(shown), range=(0, 100), show_x_guides=False, show_y_guides=False
    )
    chart.x_labels = [_short(row.name) for row in reversed(shown)]
    chart.value_formatter = lambda value: f"{value:.1f}".replace(".", ",")
    chart.add("", [row.score for row in reversed(shown)])
    return _picture(chart)


def growth(series: Sequence[tuple[date, int]]) -> str:
    """Show what all mailboxes hold, day by day."""
    chart = _chart(pygal.Line, height=260, fill=True, show_dots=len(series) <= MOST)
    chart.print_values = False
    chart.x_labels = [day(each) for each, _ in series]
    chart.x_labels_major_count, chart.show_minor_x_labels, chart.truncate_label = 5, False, 12
    chart.range = (0, max(size for _, size in series) * 1.1 or 1)
    chart.value_formatter = gigabytes
    chart.add("", [size for _, size in series])
    return _picture(chart)


def _bar(rate: float | None) -> dict[str, Any] | None:
    return None if rate is None else {"value": 100 * rate, "formatter": lambda value: percent(value / 100)}


def _short(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1].rstrip()}…"


def _chart(kind: Any, **settings: object) -> Any:  # noqa: ANN401 -- pygal has no types
    chart = kind(
        style=_STYLE,
        js=[],
        show_legend=False,
        print_values=True,
        print_values_position="top",
        width=760,
        margin=8,
        margin_right=30,
        explicit_size=True,
        truncate_label=-1,
        pretty_print=False,
        **settings,
    )
    chart.uuid = kind.__name__  # and not another one each time
    return chart


def _picture(chart: Any) -> str:  # noqa: ANN401 -- pygal has no types
    """Return the address of the picture: the picture itself."""
    svg = chart.render(disable_xml_declaration=False)
    return f"data:image/svg+xml;base64,{b64encode(svg).decode('ascii')}"
