"""DER, as much of it as certificates and signatures need: definite lengths, tags below 31."""

from dataclasses import dataclass

INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x02, 0x03, 0x04, 0x05, 0x06
UTC_TIME, SEQUENCE, SET = 0x17, 0x30, 0x31
_LONGEST = 64 * 1024


class BadDer(ValueError):
    """The bytes are not the DER one expects."""


@dataclass(frozen=True, slots=True)
class Element:
    """One tag with its content."""

    tag: int
    content: bytes
    raw: bytes
    """With the header."""

    def inside(self) -> tuple["Element", ...]:
        """Return the elements of a constructed one, in order.

        Raises:
            BadDer: It holds something else.
        """
        return _sequence(self.content)

    def expect(self, tag: int) -> "Element":
        """Return itself when it has this tag.

        Raises:
            BadDer: It has another.
        """
        if self.tag != tag:
            raise BadDer(f"tag {self.tag:#x} where {tag:#x} is expected")
        return self


def read(data: bytes) -> Element:
    """Read one element and nothing after it.

    Raises:
        BadDer: It is none, or something follows.
    """
    found = _sequence(data)
    if len(found) != 1:
        raise BadDer(f"{len(found)} elements where one is expected")
    return found[0]


def write(tag: int, *parts: bytes) -> bytes:
    """Return an element made of parts."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def whole_number(value: int) -> bytes:
    """Return an INTEGER that is not negative."""
    return write(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    content = bytes((first * 40 + second,))
    for arc in rest:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        content += bytes(reversed(groups))
    return write(OID, content)


def _sequence(data: bytes) -> tuple[Element, ...]:
    if len(data) > _LONGEST:
        raise BadDer("too long")
    found: list[Element] = []
    at = 0
    while at < len(data):
        start, at = at, at + 2
        if at > len(data) or data[start] & 0x1F == 0x1F:
            raise BadDer("cut short, or a tag too high")
        length = data[start + 1]
        if length >= 0x80:
            octets = length & 0x7F
            if not 1 <= octets <= 4 or at + octets > len(data):
                raise BadDer("a length that is none")
            length = int.from_bytes(data[at : at + octets], "big")
            at += octets
        if at + length > len(data):
            raise BadDer("cut short")
        found.append(Element(data[start], data[at : at + length], data[start : at + length]))
        at += length
    return tuple(found)
