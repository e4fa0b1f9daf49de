"""A post as one reader sees it."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DividerBlock
from slack_sdk.models.blocks.block_elements import OverflowMenuElement
from slack_sdk.models.views import View

from handlers import draw, times
from handlers.contents import parts as contents
from handlers.contents import preview
from handlers.ids import Action, Form
from handlers.nudges.words import NEW_TIME, REASSIGN
from handlers.posts import parts, words
from handlers.reviews.views import no_longer_counts, outcome_lines, progress
from handlers.words import in_a_row
from operations.posts import Shown
from rules.access import May
from rules.attachments import images
from rules.desks import Need
from rules.reviews import ReviewState

# The latest decisions, with the beginnings of the notes before the last; history has the rest.
_DECISIONS_SHOWN = 8
_NOTE = 300

# All of a view together has 250 KB.
_COMMENT_SHOWN = 500


def opened(shown: Shown, may: frozenset[May], memory: dict[str, Any]) -> View:
    """The text in full, where it stands, and all that this reader may do."""
    blocks: list[Block] = [
        draw.line(parts.status(shown)),
        *draw.small(parts.whose(shown)),
        *parts.published(shown),
        *parts.flags(shown),
        *_campaign(shown),
        *draw.quoted(shown.version.content.text),
        *contents.in_full(shown.version.content),
        *parts.details(shown),
        *parts.notes(shown),
        *parts.source(shown),
        *_review(shown),
        *_comments(shown),
        *draw.row(*_decisions(shown, may)),
        *draw.row(*_more_decisions(shown, may)),
        *draw.row(*_own(shown, may)),
        *draw.row(*_ways_out(shown, may)),
        *draw.row(*_for_all(shown, may)),
        ActionsBlock(elements=[preview.choice(shown), *_more(shown, may)]),
    ]
    title = f"{shown.post.code}, version {shown.version.number}"
    return draw.sheet(Form.POST, title, blocks, memory)


def _review(shown: Shown) -> list[Block]:
    review = shown.review
    if review is None:
        return []
    blocks: list[Block] = [DividerBlock()]
    decided = zip(outcome_lines(shown, review), review.standing, strict=True)
    for line, decision in list(decided)[-_DECISIONS_SHOWN:]:
        comment = decision.comment
        blocks += draw.small(line)
        blocks += draw.quoted(comment if decision is review.last else draw.excerpt(comment, _NOTE))
    if review.state is ReviewState.ENDED:
        blocks += draw.small(no_longer_counts(shown, review))
    if review.state is ReviewState.OPEN:
        waits = in_a_row([parts.name(shown, who) for who in review.asked])
        blocks += draw.small(f"{progress(review)}{f' · waits for {waits}' if waits else ''}")
        blocks += parts.away(shown)
    return blocks


def _comments(shown: Shown) -> list[Block]:
    """The latest; History has them all, in full."""
    blocks: list[Block] = [DividerBlock()] if shown.comments else []
    for comment in shown.comments:
        who, when = parts.name(shown, comment.author_id), times.in_readers_zone(comment.created_at)
        blocks += draw.small(f"*{who}* commented on version {comment.version} · {when}")
        blocks += draw.quoted(draw.excerpt(comment.text, _COMMENT_SHOWN))
    return blocks


def _decisions(shown: Shown, may: frozenset[May]) -> list[ButtonElement]:
    review = shown.review
    if review is None or May.APPROVE not in may:
        return []
    return [
        draw.button(Action.APPROVE, "Approve", review.id, style="primary"),
        draw.button(Action.REQUEST_CHANGES, "Request changes", review.id),
        draw.button(Action.REJECT, "Reject", review.id, style="danger"),
    ]


def _more_decisions(shown: Shown, may: frozenset[May]) -> list[ButtonElement]:
    review, buttons = shown.review, []
    if review is None:
        return []
    if May.APPROVE in may:
        buttons = [
            draw.button(Action.APPROVE_WITH_NOTE, "Approve with a note", review.id),
            draw.button(Action.EDIT_AND_APPROVE, "Edit and approve", review.id),
        ]
    if May.UNDO in may:
        buttons.append(draw.button(Action.UNDO, "Undo my decision", review.id))
    if May.REASSIGN in may:
        buttons.append(draw.button(Action.REASSIGN, REASSIGN, f"{review.id}:0"))
    return buttons


def _own(shown: Shown, may: frozenset[May]) -> list[ButtonElement]:
    post, buttons = shown.post, []
    if May.TAKE_OFF_HOLD in may:
        buttons.append(draw.button(Action.TAKE_OFF_HOLD, "Take off hold", post.id))
    if May.SEND in may:
        own = shown.desk.policy.need is Need.NOBODY
        label = "Mark as approved" if own else "Send for approval"
        buttons.append(draw.button(Action.SEND, label, f"{post.id}:{post.version}"))
    if May.EDIT in may:
        buttons.append(draw.button(Action.EDIT, "Edit", post.id))
        if images(shown.version.content.attachments):
            buttons.append(draw.button(Action.ALT_TEXT, "Alt text", post.id))
    if May.NEW_TIME in may:
        buttons.append(draw.button(Action.NEW_TIME, NEW_TIME, post.id))
    if May.PUBLISH in may:
        buttons.append(draw.button(Action.PUBLISH, "Mark as published", post.id))
    return buttons


def _ways_out(shown: Shown, may: frozenset[May]) -> list[ButtonElement]:
    post_id, buttons, first = shown.post.id, [], _ends(shown)
    if May.BACK_TO_DRAFT in may:
        back = draw.button(Action.BACK_TO_DRAFT, "Back to draft", post_id, asks=first)
        buttons.append(back)
    if May.CANCEL in may:
        buttons.append(draw.button(Action.CANCEL, "Cancel post", post_id, asks=first))
    if May.RESTORE in may:
        buttons.append(draw.button(Action.RESTORE, "Restore", post_id))
    return buttons


def _ends(shown: Shown) -> str:
    """Before a way out: whose approval it would end."""
    review = shown.review
    if review is None or review.state not in (ReviewState.OPEN, ReviewState.APPROVED):
        return ""
    names = in_a_row([shown.people[who].name for who in review.approved_by])
    return words.ends_approval(names, review.version) if names else ""


def _for_all(shown: Shown, may: frozenset[May]) -> list[ButtonElement]:
    buttons = [
        draw.button(Action.COMMENT, "Comment", shown.post.id),
        draw.button(Action.HISTORY, "History", shown.post.id),
    ]
    if May.DUPLICATE in may:
        buttons.append(draw.button(Action.DUPLICATE, "Duplicate", shown.post.id))
    return buttons


def _more(shown: Shown, may: frozenset[May]) -> list[OverflowMenuElement]:
    """The rarer things, out of the way."""
    options = [
        draw.option(f"{choice}:{shown.post.id}", label)
        for choice, label in words.MORE.items()
        if choice in may
    ]
    return [OverflowMenuElement(action_id=Action.MORE, options=options)] if options else []


def _campaign(shown: Shown) -> list[Block]:
    return draw.small(words.progress(shown.campaign)) if shown.campaign else []
