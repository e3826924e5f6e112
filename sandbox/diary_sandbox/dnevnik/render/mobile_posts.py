"""The phone API's notices of a school: everything it announces, events among the news.

The fields are those three public clients type. Choices: the whole school year comes at once, the newest
first; a post about an event says in a line of its own when and where, for it has no fields for that;
moments are ISO with an offset, or seconds for every third post: clients have met both.
"""

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Announcement, Child, Gathering, World


def posts(world: World, child: Child) -> Wire:
    """Return what a child's school and class announced by now."""
    year = world.year
    found = world.announcements(child.class_id, year.since, year.until)
    return {"unreadCount": 0, "postList": [_post(world, one) for one in reversed(found)]}


def post_text(announcement: Announcement) -> str:
    """Return the words of a post."""
    lines = [announcement.text]
    if announcement.gathering is not None:
        lines.append(_when_and_where(announcement.gathering))
    return "\n".join(lines)


def _when_and_where(gathering: Gathering) -> str:
    last = f" – {gathering.until:%d.%m.%Y}" if gathering.until else ""
    hour = f", {gathering.at:%H:%M}" if gathering.at else ""
    return f"{gathering.on:%d.%m.%Y}{last}{hour}. {gathering.organiser}, {gathering.place}"


def _post(world: World, one: Announcement) -> Wire:
    number = wire_id(Space.POST, one.id)
    author = world.teacher(one.author_id).person
    topic = one.class_id or one.school_id
    moment = one.published_at
    return {
        "id": number,
        "type": "Post",
        "eventKey": f"post_{number}",
        "topicEventKey": f"topic_{topic}",
        "topicLogoUrl": None,
        "eventUrl": None,
        "eventSign": None,
        "title": one.title,
        "subtitle": None,
        "text": post_text(one),
        "createdDateTime": int(moment.timestamp()) if one.id % 3 == 0 else moment.isoformat(),
        "isReaded": False,
        "isNew": False,
        "commentsCount": 0,
        "previewUrl": None,
        "authorImageUrl": None,
        "authorFirstName": author.name.first,
        "authorMiddleName": author.name.middle,
        "authorLastName": author.name.last,
        "authorName": author.name.full,
        "files": [],
        "attachmentFiles": [],
    }
