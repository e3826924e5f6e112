"""Scopes of a token: the eight names of the documentation and the older fine-grained ones.

The server presumably ignores case: clients send `Marks`, `marks` and all-lower-case lists.
"""

_EDUCATIONAL = ("schools", "edugroups", "lessons", "marks", "eduworks")
_COMMON = ("avatar", "fullname", "roles", "birthday")
_KIN = ("relatives", "friends")

_NAMES = (
    "EducationalInfo",
    "CommonInfo",
    "FriendsAndRelatives",
    "ContactInfo",
    "SocialInfo",
    "Wall",
    "Messages",
    "Files",
)
_OLDER = {
    **dict.fromkeys(_EDUCATIONAL, "EducationalInfo"),
    **dict.fromkeys(_COMMON, "CommonInfo"),
    **dict.fromkeys(_KIN, "FriendsAndRelatives"),
    "emailaddress": "ContactInfo",
}
_KNOWN = {**{name.lower(): name for name in _NAMES}, **_OLDER}

EDUCATIONAL = "EducationalInfo"
COMMON = "CommonInfo"
KIN = "FriendsAndRelatives"
CONTACT = "ContactInfo"
FILES = "Files"


def parse_scopes(text: str) -> tuple[str, ...]:
    """Return the scopes granted for a comma-separated request, in the order asked, without repeats.

    An older fine-grained name opens the whole modern scope it became part of (our reading: nothing says
    how finely the old ones are enforced today). A name nobody knows is left out, not refused.
    """
    names = (part.strip().lower() for part in text.replace(" ", ",").split(","))
    return tuple(dict.fromkeys(_KNOWN[name] for name in names if name in _KNOWN))
