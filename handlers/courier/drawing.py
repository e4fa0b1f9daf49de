"""What each kind of message shows, from the record as it stands when it is drawn."""

from __future__ import annotations

from datetime import datetime

from slack_sdk.models.views import View

from handlers.absences import views as absences
from handlers.answers import Drawn
from handlers.comments import views as comments
from handlers.courier import words
from handlers.desks import views as desks
from handlers.digests import private
from handlers.digests import views as digest_views
from handlers.digests import weekly as weekly_views
from handlers.drafts import views as drafts
from handlers.lists import home
from handlers.nudges import hand_offs
from handlers.nudges import views as nudges
from handlers.posts import parts
from handlers.posts.history import done
from handlers.reviews import views as reviews
from handlers.standups import views as standups
from handlers.standups.plates import too_much
from operations import absences as absence_operations
from operations import comments as comment_operations
from operations import (
    deliveries,
    digest_contents,
    digests,
    escalations,
    history,
    homes,
    posts,
    publishing,
    reminders,
    weekly,
)
from operations import desks as desk_operations
from operations.posts import Shown
from operations.standups import mornings, plates
from rules.networks import Network
from rules.posts import Post
from rules.reviews import ReviewState
from storage import Store
from storage.messages import Kind, Message, State

_OF_STANDUPS = frozenset(
    {
        Kind.DIGEST,
        Kind.DIGEST_DETAIL,
        Kind.SILENT,
        Kind.INTRODUCTION,
        Kind.WEEKLY_DRAFT,
        Kind.WEEKLY,
    }
)
_OF_COMMENTS = frozenset({Kind.COMMENT, Kind.COMMENTED, Kind.COMMENT_KEPT})


def prepare(store: Store, message: Message, now: datetime) -> None:
    """Before a message is drawn: what is to stand in its thread is noted, and what is being
    changed is waited for where it would not be drawn anew."""
    deliveries.wait_for_changes(store, message)
    if message.kind is Kind.DIGEST:
        digests.spread(store, message, now)


def draw(store: Store, message: Message) -> Drawn | None:
    """The message as Slack is to show it; None where the reason for sending it is gone."""
    if message.kind in _OF_STANDUPS:
        return _of_standup(store, message)
    match message.kind:
        case Kind.WELCOME:
            channel = message.data["channel_id"]
            return Drawn("Set up this desk", desks.welcome(channel))
        case Kind.HELP:
            return Drawn("What Copydesk can do", desks.help_blocks("", has_desk=False))
        case Kind.DESK_ASLEEP:
            archived = message.data.get("archived", False)
            return Drawn("A desk sleeps", desks.asleep(message.data["channel_id"], archived))
        case Kind.ASKED_FOR:
            return _asked_for(store, message)
        case Kind.TROUBLE:
            return _trouble(store, message)
        case Kind.DONE:
            return _done(store, message)
        case Kind.REMINDERS:
            return nudges.reminders(reminders.of_message(store, message))
        case Kind.UNREACHABLE:
            return _unreachable(store, message)
        case Kind.PROMPT:
            return _prompt(store, message)
        case Kind.COVERING:
            return absences.covering(
                *absence_operations.told(store, message.team_id, message.data["absence"])
            )
        case Kind.MARKED_AWAY:
            return _marked_away(store, message)
        case Kind.TOO_MUCH:
            return _too_much(store, message)
        case _:
            return _of_post(store, message)


def draw_home(store: Store, message: Message) -> View:
    """Somebody's Home, of the desks that they were in when they opened it."""
    assert message.person_id is not None
    found = homes.show(store, message.team_id, message.person_id, message.data["desks"])
    return home.home(found)


def _asked_for(store: Store, message: Message) -> Drawn:
    if "post" not in message.data:
        return drafts.asked_for(message.id)
    shown = posts.show(store, message.team_id, message.data["post"])
    return drafts.became(shown, message.channel_id or "")


def _of_post(store: Store, message: Message) -> Drawn | None:
    assert message.post_id is not None
    shown = posts.show(store, message.team_id, message.post_id, message.review_id)
    if message.kind is Kind.DRAFT_CARD:
        assert message.person_id is not None
        giver = message.data.get("from", message.person_id)
        by = deliveries.person(store, giver).name if giver != message.person_id else ""
        told = reminders.reminded(store, shown.review.id) if shown.review else ()
        return drafts.draft_card(shown, message.person_id, by, told)
    if message.kind is Kind.HAND_OFF:
        again = message.data.get("again_at")
        again_at = datetime.fromisoformat(again) if again else None
        texts = publishing.alike(shown.version.content)
        return hand_offs.hand_off(shown, _handed(message), texts, again_at)
    if message.kind is Kind.HAND_OFF_TEXT:
        network = Network(message.data["network"])
        return hand_offs.text(shown, _handed(message), network)
    if message.kind in _OF_COMMENTS:
        return _of_comment(store, message, shown)
    review = shown.review
    assert review is not None
    # One that Slack doesn't let us change is posted anew, whatever became of its review.
    is_new = message.state is not State.SENT and not message.shown
    waits = review.state is ReviewState.OPEN and shown.is_current
    if message.kind is Kind.CHANNEL_CARD:
        # One that was edited and approved at once never waited; the desk sees that it is approved.
        is_approved = review.state is ReviewState.APPROVED and shown.is_current
        is_told = waits or is_approved or not is_new
        return reviews.channel_card(shown, review) if is_told else None
    if message.kind is Kind.QUESTION:
        assert message.person_id is not None
        if is_new and not comments.waits_for(shown, review, message.person_id):
            return None
        only = bool(message.data.get("only"))
        return comments.direct_question(shown, review, message.person_id, only)
    if message.kind is Kind.APPROVER_CARD:
        assert message.person_id is not None
        if is_new and not (waits and message.person_id in review.asked):
            return None
        before = posts.last_seen(store, shown, message.person_id)
        covered = tuple(message.data.get("for", ()))
        return reviews.approver_card(shown, review, message.person_id, before, covered)
    if message.kind is Kind.NO_COVER:
        approver = message.data["approver"]
        if is_new and absences.waits_for(shown, review, approver) is None:
            return None
        return absences.no_cover(shown, review, deliveries.person(store, approver))
    decision = next(d for d in review.decisions if d.id == message.decision_id)
    if message.kind is Kind.TAKEN_BACK:
        still = review.state is ReviewState.OPEN and shown.is_current
        return reviews.taken_back(shown, decision) if still else None
    if is_new and decision.undone_at is not None:
        return None
    by_its_author = decision.person_id == shown.version.author_id != shown.post.owner_id
    before = posts.version_before(store, shown) if by_its_author else None
    return reviews.outcome(shown, review, decision, before)


def _of_standup(store: Store, message: Message) -> Drawn | None:
    # One that Slack doesn't let us change is posted anew, whatever became of its reason.
    is_new = message.state is not State.SENT and not message.shown
    data = message.data
    match message.kind:
        case Kind.DIGEST:
            return digest_views.digest(digest_contents.show(store, message.team_id, data["round"]))
        case Kind.DIGEST_DETAIL:
            shown = digest_contents.show(store, message.team_id, data["round"])
            return digest_views.detail(shown, data["part"], is_new=is_new)
        case Kind.SILENT:
            found = digest_contents.silent(store, message.team_id, data["rounds"])
            return private.silent(found, is_new=is_new)
        case Kind.INTRODUCTION:
            return _introduction(store, message)
        case Kind.WEEKLY_DRAFT:
            return weekly_views.draft(weekly.show(store, message), message.id)
        case _:
            return weekly_views.posted(weekly.show(store, message))


def _introduction(store: Store, message: Message) -> Drawn:
    assert message.desk_id is not None
    assert message.person_id is not None
    data = message.data
    desk = desk_operations.by_id(store, message.team_id, message.desk_id)
    blocked, helper = (deliveries.person(store, data[who]) for who in ("blocked", "helper"))
    by = "\n".join(data["by"])
    return private.introduction(blocked, helper, message.person_id, desk, by)


def _handed(message: Message) -> hand_offs.Handed:
    return hand_offs.Handed(message.data["version"], message.data.get("planned"))


def _of_comment(store: Store, message: Message, shown: Shown) -> Drawn | None:
    if message.kind is Kind.COMMENT_KEPT:
        if "not_kept" in message.data:
            return comments.not_kept(shown)
        return comments.kept(shown, message.data["copied"])
    assert message.comment_id is not None
    comment, author = comment_operations.by_id(store, message.comment_id)
    if message.kind is Kind.COMMENT:
        return None if shown.desk.outsiders else comments.copy(shown, comment, author)
    assert message.person_id is not None
    return comments.commented(shown, comment, author, message.person_id)


def _unreachable(store: Store, message: Message) -> Drawn:
    assert message.desk_id is not None
    about = message.data["person"], message.data["error"]
    found = escalations.unreachable(store, message.team_id, message.desk_id, *about)
    return nudges.unreachable(found)


def _done(store: Store, message: Message) -> Drawn:
    assert message.post_id is not None
    entry_id = message.data["entry"]
    record = history.of_entry(store, message.team_id, message.post_id, entry_id)
    return done(record, is_owner=record.post.owner_id == message.person_id)


def _prompt(store: Store, message: Message) -> Drawn | None:
    morning = mornings.show(store, message)
    is_new = message.state is not State.SENT and not message.shown
    if is_new and not any(asked.answer is None for asked in morning.asked):
        return None
    return standups.prompt(morning)


def _covering(store: Store, message: Message) -> Drawn:
    absence_id = message.data["absence"]
    return absences.covering(*absence_operations.told(store, message.team_id, absence_id))


def _marked_away(store: Store, message: Message) -> Drawn:
    data = message.data
    absence, _, known = absence_operations.told(store, message.team_id, data["absence"])
    return absences.marked(absence, deliveries.person(store, data["by"]), known, data["back"])


def _too_much(store: Store, message: Message) -> Drawn:
    data = message.data
    return too_much(plates.show(store, message.team_id, data["person_id"], data["desks"]))


def _trouble(store: Store, message: Message) -> Drawn:
    data = message.data
    where = f"<#{data['channel_id']}>"
    if data["person_id"] is not None:
        where = parts.mention(deliveries.person(store, data["person_id"]))
    post: Post | None = None
    if message.post_id is not None:
        post = posts.show(store, message.team_id, message.post_id).post
    about = post.code if post else "the desk"
    if data["unknown"]:
        return words.unknown(about, where, post)
    return words.failed(about, where, data["error"], post)
