"""What every card and view of a post has in common."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, ButtonElement, SectionBlock

from handlers import draw, times
from handlers.ids import Action
from handlers.posts.words import STATUSES
from operations.posts import Shown
from rules.networks import room
from rules.people import Person
from rules.posts import Status
from rules.slack_text import escape

_SIGNS = {
    Status.DRAFT: "📝",
    Status.IN_REVIEW: "👀",
    Status.CHANGES_REQUESTED: "✏️",
    Status.APPROVED: "✅",
    Status.SCHEDULED: "✅",
    Status.PUBLISHED: "📣",
    Status.REJECTED: "⛔",
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


def status(shown: Shown) -> str:
    """The post's status in mrkdwn; one that is approved says when it goes out."""
    found = shown.post.status
    said = f"{_SIGNS.get(found, '')} {STATUSES[found]}".strip()
    if found is Status.SCHEDULED and shown.post.publish_at:
        said += f", goes out {times.in_readers_zone(shown.post.publish_at)}"
    return said


def open_button(shown: Shown) -> ButtonElement:
    """Open, for what this card can't know of its reader."""
    code = shown.post.code
    return draw.button(Action.OPEN, "Open", shown.post.id, says=f"Open {code}")


def text(shown: Shown) -> list[Block]:
    """The version's text, as typed."""
    return draw.quoted(shown.version.content.text)


def details(shown: Shown) -> list[Block]:
    """Networks with what is left of their limits, and the publish time."""
    content = shown.version.content
    rooms = []
    for network in content.networks:
        found = room(network, content.texts.get(network, content.text))
        if found.limit is None:
            left = ""
        elif found.over:
            sign = "⚠️" if found.verified else "about"
            left = f" {sign} *{found.over:,} over*"
        else:
            left = f" {found.left:,} left"
        rooms.append(f"{network.label}{left}")
    return draw.small(" · ".join(rooms), publish_time(shown))


def publish_time(shown: Shown) -> str:
    """When it is to go out: in the reader's zone, and in the desk's."""
    at = shown.post.publish_at
    if at is None:
        return "No publish time yet"
    zone = shown.desk.time_zone
    there = times.plain(at, zone)
    return f"Publish at {times.in_readers_zone(at)} ({there} {escape(times.place(zone))})"


def notes(shown: Shown) -> list[Block]:
    """The owner's notes for reviewers."""
    if not shown.post.notes:
        return []
    return [*draw.small("*Notes for reviewers*"), *draw.typed(shown.post.notes)]


def source(shown: Shown) -> list[Block]:
    """Where the draft came from."""
    link = shown.post.source_link
    return draw.small(f"From <{escape(link)}|this message>") if link else []


def notification(shown: Shown, said: str) -> str:
    """What a notification and a screen reader say of a card."""
    beginning = draw.excerpt(shown.version.content.text, draw.NOTIFICATION)
    return escape(f"{shown.post.code} {said}: {beginning}")
