"""What every card and view of a post has in common."""

from __future__ import annotations

from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement, SectionBlock

from handlers import draw, times
from handlers.absences.words import who_is_away
from handlers.contents import parts as contents
from handlers.ids import Action
from handlers.posts.words import STATUSES
from operations.posts import Shown
from rules.contents import rooms
from rules.diff import changes, in_short
from rules.networks import Room, Unit
from rules.people import Person
from rules.posts import Status, Version
from rules.slack_text import escape

# A message has room for 12,000 characters: a text and notes of 3,000 each stand beside this.
_CHANGES_SHOWN = 1500

_UNDECIDED = frozenset({Status.DRAFT, Status.IN_REVIEW, Status.CHANGES_REQUESTED})

_SIGNS = {
    Status.DRAFT: "📝",
    Status.IN_REVIEW: "👀",
    Status.CHANGES_REQUESTED: "✏️",
    Status.APPROVED: "✅",
    Status.SCHEDULED: "✅",
    Status.PUBLISHED: "📣",
    Status.REJECTED: "⛔",
    Status.CANCELLED: "🚫",
    Status.MISSED: "⏰",
}


def name(shown: Shown, person_id: int) -> str:
    """How somebody is called, to stand in mrkdwn; a name mentions nobody."""
    return draw.name(shown.people[person_id].name)


def mention(person: Person) -> str:
    """Somebody by their Slack name, to stand in mrkdwn in their own messages."""
    return f"<@{person.slack_id}>" if person.slack_id else escape(person.name)


def title(shown: Shown, said: str = "") -> SectionBlock:
    """The first line: code, status, whose it is, with Open beside it."""
    post = shown.post
    state = said or status(shown)
    owner = name(shown, post.owner_id)
    return draw.line(f"*{post.code}* by {owner}\n{state}", open_button(shown))


def whose(shown: Shown) -> str:
    """The owner and the desk, in mrkdwn."""
    return f"by {name(shown, shown.post.owner_id)} in <#{shown.desk.channel_id}>"


def status(shown: Shown) -> str:
    """The post's status in mrkdwn; one that is approved says for when."""
    return status_said(shown.post.status, shown.post.publish_at)


def status_said(found: Status, publish_at: datetime | None) -> str:
    """As `status`, for a line in a list. It is true of a time that has come, too, until somebody
    says that the post is out, and of one that is kept from going out."""
    said = f"{_SIGNS.get(found, '')} {STATUSES[found]}".strip()
    if found is Status.SCHEDULED and publish_at:
        said += f" for {times.in_readers_zone(publish_at)}"
    return said


def flags(shown: Shown) -> list[Block]:
    """What is special about it: on hold, urgent, part of a campaign."""
    post, said = shown.post, []
    if post.hold_reason is not None:
        said.append("⏸️ On hold" + (f": {post.hold_reason}" if post.hold_reason else ""))
    if post.urgent_reason is not None:
        said.append("🔥 Urgent" + (f": {post.urgent_reason}" if post.urgent_reason else ""))
    if shown.campaign is not None:
        said.append(f"Campaign: {shown.campaign.name}")
    return [block for line in said for block in draw.plain(line)]


def open_button(shown: Shown) -> ButtonElement:
    """Open, for what this card can't know of its reader."""
    code = shown.post.code
    return draw.button(Action.OPEN, "Open", shown.post.id, says=f"Open {code}")


def text(shown: Shown) -> list[Block]:
    """The version's text, as typed, and what a decision needs to see besides."""
    content = shown.version.content
    return [*draw.quoted(content.text), *contents.on_card(content)]


def details(shown: Shown) -> list[Block]:
    """Networks with what is left of their limits, and the publish time."""
    left_in = rooms(shown.version.content)
    counted = "Characters left: " if any(found.limit for found in left_in.values()) else ""
    left = " · ".join(f"{network.label}{_left(found)}" for network, found in left_in.items())
    return draw.small_lines([counted + left, publish_time(shown), *needed_by(shown)])


def _left(found: Room) -> str:
    if found.limit is None:
        return ""
    unit = " bytes" if found.unit is Unit.BYTES else ""
    if found.over:
        sign = "⚠️" if found.verified else "about"
        return f" {sign} *{found.over:,}{unit} over*"
    return f" *{found.left:,}*{unit}"


def publish_time(shown: Shown) -> str:
    """When it is to go out, or was: in the desk's zone, and in the reader's."""
    at = shown.post.publish_at
    if at is None:
        return "No publish time yet"
    said = "Was to go out" if shown.post.status is Status.MISSED else "Publish at"
    return f"{said} {_moment(shown, at)}"


def needed_by(shown: Shown) -> list[str]:
    """When its owner wants it decided, while that is open."""
    at = shown.post.needed_by
    waits = shown.post.status in _UNDECIDED
    return [f"Needed by {_moment(shown, at)}"] if at is not None and waits else []


def _moment(shown: Shown, at: datetime) -> str:
    zone = shown.desk.time_zone
    there = f"{times.plain(at, zone)} {escape(times.place(zone))}"
    return f"{there} ({times.in_readers_zone(at)} your time)"


def away(shown: Shown) -> list[Block]:
    """Who is away of those who are to decide now, and who stands in."""
    return draw.small_lines(who_is_away(shown.review, lambda who: name(shown, who)))


def notes(shown: Shown) -> list[Block]:
    """The owner's notes for reviewers."""
    if not shown.post.notes:
        return []
    return [*draw.small("*Notes for reviewers*"), *draw.typed(shown.post.notes)]


def source(shown: Shown) -> list[Block]:
    """Where the draft came from."""
    link = shown.post.source_link
    return draw.small(f"From <{escape(link)}|this message>") if link else []


def published(shown: Shown) -> list[Block]:
    """Where the post is, once it is out and somebody said where."""
    links = dict.fromkeys(t.published_link for t in shown.post.targets if t.published_link)
    return [block for link in links for block in draw.address(link)]


def notification(shown: Shown, said: str) -> str:
    """What a notification and a screen reader say of a card."""
    beginning = draw.excerpt(shown.version.content.text, draw.NOTIFICATION)
    return escape(f"{shown.post.code} {said}: {beginning}")


def changed(shown: Shown, before: Version | None) -> list[Block]:
    """What is new to a reader who knows an earlier version; nothing for who knows none."""
    if before is None:
        return []
    was, now = before.content, shown.version.content
    pieces = in_short(changes(was.text, now.text), _CHANGES_SHOWN)
    found = [*draw.changes(pieces), *contents.changed(was, now)] if was != now else []
    if not found:
        return draw.small(f"The same as version {before.number}")
    return [*draw.small(f"*What changed since version {before.number}*"), *found]
