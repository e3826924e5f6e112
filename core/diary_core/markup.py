"""Turns a text that may hold HTML into plain text, losing no word of a text that only resembles it.

The standard parser reads what is certainly a tag or a reference. Everything else is settled beforehand,
because html.parser guesses at broken markup, guesses otherwise in every Python, and is slow at some of it.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Final

__all__ = ["plain"]


def plain(text: str) -> str:
    """Return the text with its tags and references resolved.

    Block elements and `br` end a line, table cells are spaced, a link to the web keeps its address in
    brackets, `sup` becomes `^`; comments, scripts and styles go. Unknown tags, bare `<` and bare `&` stay.
    """
    if "<" not in text and "&" not in text:
        return text
    reader = _Reader()
    reader.feed(_NOT_A_TAG.sub(_settled, _without_comments(text)))
    reader.close()
    return "".join(reader.parts)


_REFERENCE: Final = r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});"
_NOT_A_TAG: Final = re.compile(
    rf"(?P<declaration><[!?][^<>]*>)|<(?!/?[a-z][^<>]*>)|(?!{_REFERENCE})&", re.IGNORECASE
)
_BLOCK: Final = re.compile(
    "address|article|aside|blockquote|center|d[dlt]|div|figure|footer|form|h[1-6r]|header|li|main|nav"
    "|[ou]l|p|pre|section|table|tbody|thead|tr"
)
_INLINE: Final = re.compile(
    "a|abbr|b|big|body|br|button|cite|code|del|em|font|head|html|i|img|input|ins|kbd|label|link|mark|meta"
    "|o:p|q|s|samp|script|small|span|strike|strong|style|su[bp]|t[dht]|title|u|var|wbr"
)


def _without_comments(text: str) -> str:
    head, *comments = text.split("<!--")
    return head + "".join(comment.partition("-->")[2] for comment in comments)


def _settled(stray: re.Match[str]) -> str:
    return "" if stray["declaration"] else html.escape(stray[0])


def _is_known(tag: str) -> bool:
    return bool(_BLOCK.fullmatch(tag) or _INLINE.fullmatch(tag))


class _Reader(HTMLParser):
    """Collects the text of a document; a tag that HTML does not know is text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._opened: dict[str, int] = {}
        self._address = ""

    def handle_data(self, data: str) -> None:
        if self._at_line_start():
            data = data.lstrip()
        if data:
            self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not _is_known(tag) or not all(name.isascii() for name, _ in attrs):
            self.parts.append(self.get_starttag_text() or "")
            return
        self._opened[tag] = len(self.parts)
        match tag:
            case "a":
                self._address = dict(attrs).get("href") or ""
            case "br":
                self.parts.append("\n")
            case "sup":
                self.parts.append("^")
            case _:
                self._separate(tag)

    def handle_endtag(self, tag: str) -> None:
        since = self._opened.pop(tag, len(self.parts))
        match tag:
            case "a":
                self._name_address("".join(self.parts[since:]))
            case "script" | "style":
                del self.parts[since:]
            case _ if _is_known(tag):
                self._separate(tag)
            case _:
                self.parts.append(f"</{tag}>")

    def set_cdata_mode(self, elem: str, **_: object) -> None:
        """Read a script like the rest, so that one without an end swallows no text."""

    def _separate(self, tag: str) -> None:
        if _BLOCK.fullmatch(tag) and not self._at_line_start():
            self.parts.append("\n")
        elif tag in {"td", "th"}:
            self.parts.append(" ")

    def _at_line_start(self) -> bool:
        return bool(self.parts) and self.parts[-1].endswith("\n")

    def _name_address(self, shown: str) -> None:
        if self._address.startswith(("http://", "https://")) and self._address not in shown:
            self.parts.append(f" ({self._address})")
        self._address = ""
