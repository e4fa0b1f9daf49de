"""The cards of a review, the notices of its end, the queue, and the form for a no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import Block, DividerBlock
from slack_sdk.models.blocks.block_elements import PlainTextInputElement
from slack_sdk.models.views import View

from handlers import draw, times
from handlers.absences import words as absence_words
from handlers.answers import Drawn
from handlers.contents import parts as contents
from handlers.ids import Action, Field, Form
from handlers.posts import parts
from handlers.reviews import words
from handlers.words import in_a_row
from operations.posts import Shown
from rules.posts import OVER, Status, Version
from rules.reviews import (
    COMMENT_LIMIT,
    Decision,
    QuorumKind,
    Review,
    ReviewState,
    Verdict,
)
from rules.slack_text import escape

# A card whose work is done stays small; Open shows the rest.
_OUTCOMES_SHOWN = 10
_IN_QUEUE = 400


def channel_card(shown: Shown, review: Review) -> Drawn:
    """What the desk's channel sees: steps and counts while it waits, who and when at its end.
    Where people from outside read along, what the team says among itself is left out.
    """
    if shown.desk.outsiders:
        shown = shown.for_outsiders()
    if review.state is not ReviewState.OPEN or not shown.is_current:
        return _finished(shown, review)
    return Drawn(
        parts.notification(shown, "waits for approval"),
        [*_body(shown), *draw.small(progress(review)), *_decide(review)],
    )


def approver_card(
    shown: Shown,
    review: Review,
    person_id: int,
    before: Version | None,
    covered: Sequence[int] = (),
) -> Drawn:
    """What one approver, or who stands in for those `covered`, sees in their direct messages;
    `before` is what they saw last time."""
    if review.state is not ReviewState.OPEN or not shown.is_current:
        return _finished(shown, review)
    if person_id in review.asked:
        stands_in = stands_in_for(shown, review, person_id)
        return Drawn(
            parts.notification(shown, "waits for your approval"),
            [
                *_body(shown),
                *parts.changed(shown, before),
                *draw.small(stands_in),
                *draw.small(f"In <#{shown.desk.channel_id}> · {progress(review)}"),
                *_decide(review),
            ],
        )
    said = _why_not_asked(shown, review, person_id, covered)
    blocks: list[Block] = [parts.title(shown), *draw.in_short(shown.version.content.text)]
    blocks += draw.small(f"{said} · {progress(review)}")
    return Drawn(parts.notification(shown, "waits for others"), blocks)


def stands_in_for(shown: Shown, review: Review, person_id: int) -> str:
    """For whom else somebody is asked, or who is instead of them, in mrkdwn; empty where they are
    asked for themselves alone."""
    gone, places = review.current.away, review.places_of(person_id)
    cover = review.current.cover_of(person_id) if person_id in places else None
    if cover is not None:
        return words.covers_for_you(parts.name(shown, cover))
    others = [(parts.name(shown, who), gone[who].until) for who in places if who != person_id]
    return words.stands_in(others, also=person_id in places)


def _why_not_asked(shown: Shown, review: Review, person_id: int, covered: Sequence[int]) -> str:
    gone = review.current.away.get(person_id)
    if gone is not None and person_id in review.open_places:
        cover = parts.name(shown, gone.cover_id) if gone.cover_id else ""
        return absence_words.you_are_away(gone, cover)
    here = [d for d in review.standing if d.step == review.step]
    mine = next((d for d in here if d.person_id == person_id), None)
    if mine is not None:
        return f"You approved this{_for(shown, mine)} {_when(mine)}"
    places = (person_id, *covered)
    other = next((d for d in here if {d.person_id, *d.in_place_of} & set(places)), None)
    if other is not None:
        return f"{parts.name(shown, other.person_id)} approved this {_when(other)}"
    if covered:
        names = in_a_row([parts.name(shown, who) for who in covered], absence_words.FEW)
        return absence_words.covering_no_more(names).removesuffix(".")
    is_asked = any(person_id in step.approvers for step in review.steps)
    return words.NOT_YOUR_TURN if is_asked else words.ASKED_NO_MORE


def progress(review: Review) -> str:
    """Where an open review stands, without names: who is late is nobody else's business."""
    step, count = review.current, len(review.current.approvers)
    if step.quorum.kind is QuorumKind.ANY:
        said = "Needs its approver" if count == 1 else f"Needs one of {count} approvers"
    else:
        said = f"{len(review.approved_at(review.step))} of {step.needed} approved"
    steps = len(review.steps)
    return f"Step {review.step + 1} of {steps}: {said}" if steps > 1 else said


def outcome_lines(shown: Shown, review: Review) -> list[str]:
    """Who decided what, and when, in mrkdwn."""
    said = []
    for decision in review.standing:
        who = parts.name(shown, decision.person_id)
        outcome = words.DID[decision.verdict]
        whose = _for(shown, decision)
        said.append(f"{who} {outcome} version {review.version}{whose} {_when(decision)}")
    return said


def no_longer_counts(shown: Shown, review: Review) -> str:
    """Whose approval was ended with their review, in mrkdwn; empty where there was none."""
    who = in_a_row([parts.name(shown, approver) for approver in review.approved_by])
    return f"The approval of {who} no longer counts" if who else ""


def outcome(shown: Shown, review: Review, decision: Decision, before: Version | None) -> Drawn:
    """For the owner: what became of the post, with the comment and the next step. `before` is
    the version that whoever decided has edited, where they did."""
    post = shown.post
    who, did = parts.name(shown, decision.person_id), words.DID[decision.verdict]
    if before is not None:
        did = f"edited and {did}"
    whose = _for(shown, decision)
    if decision.undone_at is not None:
        said = f"{who} had {did} *{post.code}*, and took that back"
        return Drawn(
            f"{said}.",
            [draw.line(f"{said} {times.in_readers_zone(decision.undone_at)}.")],
        )
    blocks: list[Block] = [
        draw.line(f"{who} {did} *{post.code}*{whose}", parts.open_button(shown)),
        *draw.quoted(decision.comment),
    ]
    if decision.verdict is Verdict.APPROVE:
        blocks += parts.changed(shown, before) or draw.in_short(shown.version.content.text)
        then = words.WHAT_THEN.get(post.status, "") if shown.is_current else ""
        is_open = shown.is_current and review.state is ReviewState.OPEN
        where = progress(review) if is_open else then
        when = parts.publish_time(shown) if shown.is_current else ""
        blocks += draw.small_lines([when, where])
    elif decision.verdict is Verdict.REJECT:
        blocks += draw.small(words.FINAL)
    elif post.status is Status.CHANGES_REQUESTED and shown.is_current:
        edit = draw.button(Action.EDIT, "Edit", post.id, style="primary", says=f"Edit {post.code}")
        blocks += draw.row(edit)
    text = f"{who} {did} {post.code}{whose}"
    if decision.comment:
        text += f": {escape(draw.excerpt(decision.comment, draw.NOTIFICATION))}"
    return Drawn(text, blocks)


def taken_back(shown: Shown, decision: Decision) -> Drawn:
    """For the owner: what had been decided is open again."""
    who, did = parts.name(shown, decision.person_id), words.DID[decision.verdict]
    said = f"{who} took back that they {did} {shown.post.code}; it waits for approval again."
    return Drawn(said, [draw.line(said, parts.open_button(shown))])


def queue(waiting: Sequence[Shown], more: bool, person_id: int, memory: dict[str, Any]) -> View:
    """What waits for one person, to be dealt with one after the other."""
    if not waiting:
        return draw.sheet(Form.QUEUE, words.QUEUE, [draw.line(words.NOTHING_WAITS)], memory)
    blocks: list[Block] = [draw.line(words.waits(len(waiting), more))]
    for shown in waiting:
        blocks += waiting_line(shown, person_id)
    return draw.sheet(Form.QUEUE, words.QUEUE, blocks, memory)


def waiting_line(shown: Shown, person_id: int) -> list[Block]:
    """One post that waits for this person, with the yes at hand, below what stood before it."""
    assert shown.review is not None
    said = [parts.publish_time(shown), stands_in_for(shown, shown.review, person_id)]
    code, networks = shown.post.code, draw.network_names(shown.version.content.networks)
    approve = draw.button(
        Action.APPROVE, "Approve", shown.review.id, style="primary", says=f"Approve {code}"
    )
    return [
        DividerBlock(),
        draw.line(f"*{code}* {parts.whose(shown)}"),
        *draw.quoted(draw.excerpt(shown.version.content.text, _IN_QUEUE)),
        *contents.in_queue(shown.version.content),
        *parts.flags(shown),
        *draw.small(" · ".join([networks, *filter(None, said)])),
        *draw.row(approve, parts.open_button(shown)),
    ]


def comment_form(shown: Shown, verdict: Verdict, memory: dict[str, Any]) -> View:
    """Asks for the reason that a no needs, or for the note to a yes."""
    title, label = words.COMMENT_FORMS[verdict]
    return draw.form(
        Form.COMMENT,
        title,
        "Send",
        memory,
        [
            draw.line(f"*{shown.post.code}*, version {shown.version.number}"),
            draw.field(
                Field.COMMENT,
                label,
                PlainTextInputElement(
                    action_id=Field.COMMENT, multiline=True, max_length=COMMENT_LIMIT
                ),
            ),
        ],
    )


def _body(shown: Shown) -> list[Block]:
    return [
        parts.title(shown),
        *parts.text(shown),
        *parts.details(shown),
        *parts.flags(shown),
        *parts.notes(shown),
    ]


def _decide(review: Review) -> list[Block]:
    return draw.row(
        draw.button(Action.APPROVE, "Approve", review.id, style="primary"),
        draw.button(Action.REQUEST_CHANGES, "Request changes", review.id),
        draw.button(Action.REJECT, "Reject", review.id, style="danger"),
    )


def _finished(shown: Shown, review: Review) -> Drawn:
    """A card whose work is done is small, and offers no decision."""
    text, void = draw.in_short(shown.version.content.text), no_longer_counts(shown, review)
    if not shown.is_current:
        said = f"✏️ Version {review.version + 1} replaced version {review.version}"
        title = parts.title(shown, said)
        return Drawn(parts.notification(shown, "was edited"), [title, *text, *draw.small(void)])
    ended = review.state is ReviewState.ENDED
    lines = [void] if ended else outcome_lines(shown, review)[-_OUTCOMES_SHOWN:]
    blocks: list[Block] = [parts.title(shown), *parts.published(shown), *text]
    blocks += parts.flags(shown) if shown.post.status not in OVER else []
    blocks += draw.small_lines(lines)
    return Drawn(parts.notification(shown, words.OUTCOMES[review.state].lower()), blocks)


def _for(shown: Shown, decision: Decision) -> str:
    """In whose place it was decided."""
    others = [parts.name(shown, who) for who in decision.in_place_of]
    return f" for {in_a_row(others, absence_words.FEW)}" if others else ""


def _when(decision: Decision | None) -> str:
    return times.in_readers_zone(decision.decided_at) if decision else ""
