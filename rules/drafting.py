"""What may be written in a post: its content, times, notes, reasons and links."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from rules.attachments import Attachment, check_attachable, check_images, design_link
from rules.contents import Content, rooms
from rules.networks import Network
from rules.posts import OVER, Details, Post, PostRefusal
from rules.refused import Refused

TEXT_LIMIT = 3000


NOTES_LIMIT = 3000


REASON_LIMIT = 300


CAMPAIGN_LIMIT = 60


def check_content(content: Content, allowed: Iterable[Network]) -> None:
    """What a draft must have to be saved; being over a network's limit is not among it.
    `allowed` are the networks of the desk, and those that the post had before.

    Raises Refused with the field it belongs to: `text`, `networks`, `link`, `files`, or
    `text:x` for X's own.
    """
    if not content.text.strip():
        raise Refused(PostRefusal.NO_TEXT, field="text")
    if len(content.text) > TEXT_LIMIT:
        over = len(content.text) - TEXT_LIMIT
        raise Refused(PostRefusal.TEXT_TOO_LONG, field="text", over=over, limit=TEXT_LIMIT)
    if not content.networks:
        raise Refused(PostRefusal.NO_NETWORKS, field="networks")
    for network in content.networks:
        if network not in allowed:
            raise Refused(PostRefusal.NETWORK_NOT_OF_DESK, field="networks", network=network)
    for network, text in content.texts.items():
        if len(text) > TEXT_LIMIT:
            raise Refused(
                PostRefusal.TEXT_TOO_LONG,
                field=f"text:{network}",
                over=len(text) - TEXT_LIMIT,
                limit=TEXT_LIMIT,
            )
    if content.link is not None:
        check_link(content.link)
    check_attachable(content.attachments)


def check_sendable(content: Content, publish_at: datetime | None, now: datetime) -> None:
    """What a post must have before somebody is asked to approve it.

    Raises Refused as check_fits does, or at `publish_at`.
    """
    check_fits(content)
    check_publish_time(publish_at, now)


def check_fits(content: Content) -> None:
    """No text may be longer, and no image other, than its network takes.

    Raises Refused(TOO_LONG_FOR) at `text` (`text:x` for X's own), or IMAGES_UNFIT at `files`.
    """
    over = {n: found.over for n, found in rooms(content).items() if found.over and found.verified}
    if over:
        own = next((n for n in over if n in content.texts), None)
        common = any(n not in content.texts for n in over)
        field = "text" if common or own is None else f"text:{own}"
        raise Refused(PostRefusal.TOO_LONG_FOR, field=field, over=over, own=field != "text")
    check_images(content.attachments, content.networks)


def check_details(details: Details, before: Details | None, now: datetime) -> None:
    """A publish time lies ahead, and a decision is needed no later than that; what stays as it was
    `before` is not judged again.

    Raises Refused at `publish_at`, `needed_by` or `notes`.
    """
    if before is None or details.publish_at != before.publish_at:
        check_publish_time(details.publish_at, now)
    if before is None or details.needed_by != before.needed_by:
        _check_needed_by(details.needed_by, details.publish_at, now)
    if len(details.notes) > NOTES_LIMIT:
        raise Refused(PostRefusal.NOTES_TOO_LONG, field="notes", limit=NOTES_LIMIT)


def _check_needed_by(
    needed_by: datetime | None, publish_at: datetime | None, now: datetime
) -> None:
    if needed_by is not None and needed_by <= now:
        raise Refused(PostRefusal.NEEDED_PASSED, field="needed_by", needed_by=needed_by)
    if needed_by is not None and publish_at is not None and needed_by > publish_at:
        raise Refused(PostRefusal.NEEDED_TOO_LATE, field="needed_by", publish_at=publish_at)


def check_not_over(post: Post) -> None:
    """Raises Refused(IS_OVER) for what is out, rejected or cancelled."""
    if post.status in OVER:
        raise Refused(PostRefusal.IS_OVER, code=post.code, status=post.status)


def check_not_on_hold(post: Post) -> None:
    """What is held isn't sent, and doesn't go out. Raises Refused(ON_HOLD) with the reason, at
    `when_saved`."""
    if post.hold_reason is not None:
        why = post.hold_reason
        raise Refused(PostRefusal.ON_HOLD, field="when_saved", code=post.code, why=why)


def check_reason(reason: str) -> str:
    """A reason in a few words, trimmed. Raises Refused at `reason`."""
    if not reason.strip():
        raise Refused(PostRefusal.NO_REASON, field="reason")
    if len(reason) > REASON_LIMIT:
        raise Refused(PostRefusal.REASON_TOO_LONG, field="reason", limit=REASON_LIMIT)
    return reason.strip()


def check_campaign(name: str) -> str:
    """A campaign's name on one line; empty takes a post out of its campaign.

    Raises Refused(CAMPAIGN_TOO_LONG) at `campaign`.
    """
    # Some keyboards and files put é together of two signs, which look the same.
    tidied = " ".join(unicodedata.normalize("NFC", name).split())
    if len(tidied) > CAMPAIGN_LIMIT:
        raise Refused(PostRefusal.CAMPAIGN_TOO_LONG, field="campaign", limit=CAMPAIGN_LIMIT)
    return tidied


def check_publish_time(publish_at: datetime | None, now: datetime) -> None:
    """A publish time must lie ahead. Raises Refused(TIME_PASSED) at `publish_at`."""
    if publish_at is not None and publish_at <= now:
        raise Refused(PostRefusal.TIME_PASSED, field="publish_at", publish_at=publish_at)


def read_links(typed: str) -> tuple[str | None, tuple[Attachment, ...]]:
    """The addresses in a field, in any order: the post's link, and those that are attachments.

    Raises Refused(NOT_A_LINK, ONE_LINK) at `link`.
    """
    link, attached = None, dict[str, Attachment]()
    for address in typed.split():
        check_link(address)
        found = design_link(address)
        if found is not None:
            attached[address] = found
        elif link not in (None, address):
            raise Refused(PostRefusal.ONE_LINK, field="link")
        else:
            link = address
    return link, tuple(attached.values())


def check_link(link: str) -> None:
    """A web address, as short a check as will do. Raises Refused(NOT_A_LINK) at `link`."""
    ok = link.startswith(("https://", "http://")) and len(link) <= 3000
    ok = ok and not any(char.isspace() for char in link)
    if not ok or "." not in link.split("//", 1)[1]:
        raise Refused(PostRefusal.NOT_A_LINK, field="link")
