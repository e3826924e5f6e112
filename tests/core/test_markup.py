"""Markup becomes plain text, and a text that only resembles markup loses nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary_core.markup import plain

tags = ["<p>", "</p>", "<br/>", "<b", "</", "<a href='", "'>", '"', ">", "<", "<i =", "<script>", "</script>"]
oddities = [
    "<!--",
    "-->",
    "<![if x]>",
    "<![",
    "<!",
    "<?",
    "&",
    "&lt;",
    "&#0;",
    "&#xffff;",
    "\0",
    "\ud800",
    "\n",
]
pieces = st.lists(st.sampled_from([*tags, *oddities]) | st.text(max_size=5)).map("".join)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Упр. 5</p><p>Стр. 6</p>", "\nУпр. 5\nСтр. 6\n"),
        ("Упр. 5<br />\nСтр. 6", "Упр. 5\nСтр. 6"),
        ("<P CLASS=x\n>Упр.<b> 5</b></P>", "Упр. 5\n"),
        ("<ul><li>раз</li><li>два</li></ul>", "раз\nдва\n"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", " 1  2 \n"),
    ],
)
def test_blocks_end_lines(markup: str, text: str) -> None:
    """Block elements and `br` end a line once; inline tags leave no trace; cells are spaced."""
    assert plain(markup).strip() == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "a < b и c > d",
        "решить a<b и c>d",
        "x <5 и y>3",
        "#include <iostream>",
        "прочесть <Пушкин>",
        "сдать до <до пятницы",
        "конец <b",
        "https://example.org/?a=1&section=2&copy=3",
        "Тест & игра &unknown;",
    ],
)
def test_only_resembling_markup_stays(text: str) -> None:
    """A comparison, an unknown tag, an unfinished tag, a link's query: each is kept as written."""
    assert plain(text) == text


def test_references_are_decoded_once() -> None:
    """Named and numbered references become characters; a tag written through references is shown."""
    assert plain("&laquo;Тег &lt;b&gt;&raquo;&nbsp;&#8212; &#x41f;&amp;lt;") == "«Тег <b>»\xa0— П&lt;"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('<a href="https://example.org/?a=1&amp;b=2">задание</a>', "задание (https://example.org/?a=1&b=2)"),
        ('<a href="https://example.org">https://example.org</a>', "https://example.org"),
        ('<a href="javascript:alert(1)">задание</a>', "задание"),
        ("<a>задание</a>", "задание"),
    ],
)
def test_links_keep_their_address(markup: str, text: str) -> None:
    """A web address that is not shown already follows the words in brackets; others are dropped."""
    assert plain(markup) == text


def test_powers_stay_powers() -> None:
    """`x²` written with `sup` does not turn into `x2`."""
    assert plain("x<sup>2</sup> + H<sub>2</sub>O") == "x^2 + H2O"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("до<script>alert(1 < 2)</script> после", "до после"),
        ("<style>p{}</style>после", "после"),
        ("до<!-- <p>нет</p> --> после", "до после"),
        ("<!--[if mso]><xml>нет</xml><![endif]--><![if !supportLists]>1. <![endif]>пункт", "1. пункт"),
        ("до <script> после", "до  после"),
        ("до </script> после", "до  после"),
    ],
)
def test_what_is_not_text_goes(markup: str, text: str) -> None:
    """Scripts, styles, comments and declarations go with what is in them; unpaired tags take nothing."""
    assert plain(markup) == text


@given(pieces)
def test_any_text_is_read(text: str) -> None:
    """No input raises, and none of it comes out much longer than it was."""
    assert len(plain(text)) <= 2 * len(text) + 20


@pytest.mark.parametrize(
    "piece", ["<!--", "<![", "<!doctype ", "<a", "<a b='", "<p a=\"'>", "<script>", "&", "<p =", "</p"]
)
def test_hostile_markup_is_read_in_linear_time(piece: str) -> None:
    """100 000 characters of what html.parser alone takes minutes over are read at once."""
    started = time.perf_counter()
    plain(piece * (100_000 // len(piece)))
    assert time.perf_counter() - started < 5
