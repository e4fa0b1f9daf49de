"""Whatever the record says, Slack takes what is drawn of it, and nobody is called by it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from handlers import draw, times
from handlers.absences import views as absence_views
from handlers.absences import words as absence_words
from handlers.answers import Drawn
from handlers.comments import views as comment_views
from handlers.contents import alt_texts, preview
from handlers.courier import words as courier_words
from handlers.desks import views as desk_views
from handlers.desks import words as desk_words
from handlers.drafts import views as draft_views
from handlers.drafts.views import Filled
from handlers.lists import views as list_views
from handlers.lists.home import home
from handlers.lists.listeners import LENGTH
from handlers.lists.words import SETS
from handlers.nudges import hand_offs
from handlers.nudges import views as nudge_views
from handlers.nudges.hand_offs import Handed
from handlers.posts import forms as post_forms
from handlers.posts import parts
from handlers.posts import views as post_views
from handlers.posts.history import done, history
from handlers.reviews import views as review_views
from operations.absences import DaysOff
from operations.escalations import WAITING_SHOWN, Unreachable
from operations.history import PAGE, Record
from operations.homes import Home
from operations.lists import Page
from operations.nudges import stamp
from operations.posts import Shown
from operations.publishing import alike
from operations.reminders import Reminders
from operations.reviews import QUEUE_LENGTH
from playground import blockkit
from playground.text import mentions_many
from rules.absences import Absence
from rules.access import May
from rules.attachments import Attachment, Kind, images
from rules.comments import Comment
from rules.contents import Content
from rules.desks import Desk, DeskForm
from rules.diff import changes
from rules.networks import Network
from rules.people import Actor, Person
from rules.posts import Campaign, Post, Status, Version
from rules.reviews import Review, ReviewState, Verdict
from storage.history import Entry, Event
from storage.lists import Listed
from tests.handlers import made_up

UPDATE_TEXT_MAX = 4000
MEMORY: dict[str, Any] = {
    "key": "f" * 32,
    "origin": "C0123456789",
    "answer": "https://hooks.slack.com/actions/T0123456789/1234567890123/" + "a" * 24,
    "source": ["C0123456789", "1700000000.000000"],
}

earlier = st.none() | made_up.versions()


def check_message(drawn: Drawn) -> None:
    blocks = [block.to_dict() for block in drawn.blocks]
    assert blockkit.problems("message", blocks) == []
    assert drawn.text
    assert len(drawn.text) <= UPDATE_TEXT_MAX
    assert not mentions_many({"text": drawn.text, "blocks": blocks})
    for button in buttons(blocks):
        assert button["action_id"]
        assert len(button.get("value", "")) <= 2000


def check_blocks(blocks: Sequence[Block]) -> None:
    check_message(Drawn("What it says", blocks))


def check_view(view: View) -> None:
    shown = view.to_dict()
    assert blockkit.problems("modal", shown) == []
    assert not mentions_many({"blocks": shown["blocks"]})
    assert isinstance(json.loads(shown["private_metadata"]), dict)


def buttons(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    inside = [[b.get("accessory") or {}, *b.get("elements", [])] for b in blocks]
    return [e for elements in inside for e in elements if e.get("type") == "button"]


@given(made_up.shown(), made_up.ids)
def test_the_card_of_who_owns_it_or_did(shown: Shown, person: int) -> None:
    by = shown.people[person].name
    check_message(draft_views.draft_card(shown, shown.post.owner_id, by))
    check_message(draft_views.draft_card(shown, person))


@given(made_up.shown(), st.booleans(), made_up.ids)
def test_what_was_asked_for_tells_the_code_alone(shown: Shown, in_desk: bool, asked: int) -> None:
    check_message(draft_views.asked_for(asked))
    drawn = draft_views.became(shown, shown.desk.channel_id if in_desk else "C0ELSEWHERE")
    check_message(drawn)
    assert drawn.text == f"Became *{shown.post.code}*"
    buttons_there = buttons([block.to_dict() for block in drawn.blocks])
    assert [button["text"]["text"] for button in buttons_there] == ["Open"] * in_desk


@given(made_up.shown(reviewed=True), made_up.ids, earlier)
def test_the_cards_of_a_review(shown: Shown, person: int, before: Version | None) -> None:
    assert shown.review is not None
    check_message(review_views.channel_card(shown, shown.review))
    check_message(review_views.approver_card(shown, shown.review, person, before))
    waits = shown.review.state == "open" and shown.is_current
    drawn = review_views.channel_card(shown, shown.review)
    labels = [b["text"]["text"] for b in buttons([block.to_dict() for block in drawn.blocks])]
    assert labels == ["Open", "Approve", "Request changes", "Reject"][: 4 if waits else 1]


@given(made_up.shown(reviewed=True), earlier)
def test_the_owners_notices(shown: Shown, before: Version | None) -> None:
    assert shown.review is not None
    for decision in shown.review.decisions[:3]:
        check_message(review_views.outcome(shown, shown.review, decision, before))
        check_message(review_views.taken_back(shown, decision))


@given(made_up.shown(reviewed=True), made_up.shown(), made_up.ids, earlier)
def test_what_is_about_an_older_version_is_never_drawn_otherwise(
    shown: Shown, other: Shown, person: int, before: Version | None
) -> None:
    """It isn't drawn again either, but when the post is handed over (storage.messages.refresh)."""
    later = [
        replace(shown, post=replace(post, owner_id=shown.post.owner_id, version=version))
        for post, version in ((shown.post, 2), (other.post, 3))
    ]
    later[1] = replace(later[1], desk=other.desk, campaign=other.campaign)

    def drawn(seen: Shown) -> list[Drawn]:
        review = seen.review
        assert review is not None
        return [
            review_views.channel_card(seen, review),
            review_views.approver_card(seen, review, person, before),
            comment_views.direct_question(seen, review, person, False),
            *(review_views.outcome(seen, review, d, before) for d in review.decisions[:3]),
        ]

    said = [[(d.text, [b.to_dict() for b in d.blocks]) for d in drawn(seen)] for seen in later]
    assert said[0] == said[1]


@given(made_up.shown(), st.frozensets(st.sampled_from(May)))
def test_open(shown: Shown, may: frozenset[May]) -> None:
    check_view(post_views.opened(shown, may, MEMORY))


@given(made_up.shown(reviewed=True), made_up.comments, made_up.ids, st.booleans())
def test_what_tells_of_a_comment(shown: Shown, said: Comment, reader: int, yes: bool) -> None:
    assert shown.review is not None
    author = shown.people[said.author_id]
    check_view(comment_views.write(shown, MEMORY))
    check_message(comment_views.copy(shown, said, author))
    check_message(comment_views.commented(shown, said, author, reader))
    check_message(comment_views.direct_question(shown, shown.review, reader, yes))
    check_message(comment_views.kept(shown, yes))
    check_blocks(comment_views.question(shown.review, shown.post.code))


@given(made_up.shown(reviewed=True))
def test_outsiders_read_no_notes_on_the_channels_card(shown: Shown) -> None:
    marked = replace(shown.post, notes="Between us", hold_reason="Legal", urgent_reason="Late")
    shown = replace(shown, post=marked, desk=replace(shown.desk, outsiders=True))
    assert shown.review is not None
    drawn = str([b.to_dict() for b in review_views.channel_card(shown, shown.review).blocks])
    for said in ("Between us", "Legal", "Late"):
        assert said not in drawn.replace(str(shown.version.content.text), "")


@given(made_up.reminders())
def test_reminders(found: Reminders) -> None:
    drawn = nudge_views.reminders(found)
    still = [each for each in found.reminders if each.is_open]
    assert (drawn is None) == (not still and not found.was_sent)
    if drawn is not None:
        check_message(drawn)
        label = "Snooze 1 hour"
        labels = [b["text"]["text"] for b in buttons([b.to_dict() for b in drawn.blocks])]
        assert (label in labels) == bool(still and found.snoozed_until is None)


@given(made_up.shown(reviewed=True), st.integers(0, WAITING_SHOWN), made_up.moments)
def test_what_managers_get_about_a_review(shown: Shown, count: int, at: datetime) -> None:
    assert shown.review is not None
    person = shown.people[1]
    found = Unreachable(person, shown.desk, "user_disabled", (shown,) * count)
    check_message(nudge_views.unreachable(found))
    check_view(nudge_views.new_time(shown.post, MEMORY))
    check_view(nudge_views.not_now(shown.post, at, MEMORY))
    if shown.review.open_places:
        check_view(nudge_views.reassign(shown, shown.review.open_places[0], MEMORY))
        check_view(nudge_views.approve_instead(shown, MEMORY))


@given(made_up.shown(), st.booleans(), st.none() | made_up.moments)
def test_a_hand_off(shown: Shown, is_current: bool, again_at: datetime | None) -> None:
    at = shown.post.publish_at
    handed = Handed(shown.post.version if is_current else 0, stamp(at) if at else None)
    texts = alike(shown.version.content)
    check_message(hand_offs.hand_off(shown, handed, texts, again_at))
    for networks in texts[:2]:
        check_message(hand_offs.text(shown, handed, networks[0]))


@given(made_up.shown(), made_up.moments)
def test_a_hand_off_offers_to_publish_at_the_time_it_was_for(shown: Shown, at: datetime) -> None:
    targets = tuple(replace(each, status=Status.SCHEDULED) for each in shown.post.targets)
    post = replace(shown.post, targets=targets, publish_at=at, hold_reason=None)
    before = stamp(at - timedelta(days=1))
    for planned, is_offered in ((stamp(at), True), (before, False), (None, True)):
        handed = Handed(post.version, planned)
        drawn = hand_offs.hand_off(replace(shown, post=post), handed, (), None)
        labels = [b["text"]["text"] for b in buttons([b.to_dict() for b in drawn.blocks])]
        assert ("Published" in labels) == is_offered


@given(made_up.records())
def test_the_history(record: Record) -> None:
    check_view(history(record, MEMORY))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a b " * 750, "a 🎉 " * 750, id="every second word"),
        pytest.param("old " * 750, "new " * 750, id="every word"),
        pytest.param("🎈" * 3000, "🎉" * 3000, id="every sign"),
    ],
)
@settings(max_examples=1, phases=[Phase.generate])
@given(data=st.data())
def test_the_longest_texts_that_changed_all_over(
    before: str, after: str, data: st.DataObject
) -> None:
    """Where pieces or characters are most, beside notes that are as long."""
    shown = data.draw(made_up.shown(reviewed=True))
    version, review = shown.version, shown.review
    assert review is not None
    versions = {
        number: replace(version, number=number, content=replace(version.content, text=text))
        for number, text in ((1, before), (2, after))
    }
    post = replace(shown.post, version=2, notes="n" * 3000)
    waits = replace(review, state=ReviewState.OPEN, step=0, version=2, decisions=())
    shown = replace(shown, post=post, version=versions[2], review=waits)
    card = review_views.approver_card(shown, waits, waits.waiting_for[0], versions[1])
    check_message(card)
    assert "What changed" in str([block.to_dict() for block in card.blocks])

    edits = tuple(
        Entry(n, 1, 1, Actor.person(1), Event.EDITED, {"version": 2}, post.created_at)
        for n in range(PAGE)
    )
    check_view(history(Record(post, shown.desk, edits, versions, shown.people, 1, True), MEMORY))


@given(made_up.records(), st.booleans())
def test_the_notices_of_what_somebody_did(record: Record, is_owner: bool) -> None:
    for entry in record.entries:
        check_message(done(replace(record, entries=(entry,)), is_owner))


def with_all_that_can_be_said(shown: Shown) -> Shown:
    """In a list: a picture that nobody described and X won't take, its own text, each flag."""
    image = Attachment(Kind.IMAGE, "a.png", "F1", mime="image/png", size=10**8)
    networks = tuple({*shown.version.content.networks, Network.X})
    attached = (image, replace(image, file_id="F2"))
    content = Content("a " * 500, networks, {Network.X: "b"}, attachments=attached)
    return replace(
        shown,
        post=replace(shown.post, hold_reason="Legal", urgent_reason="Late"),
        version=replace(shown.version, content=content),
        campaign=Campaign(1, "Spring", 2, 1),
    )


@given(made_up.shown(reviewed=True))
def test_the_longest_queue(shown: Shown) -> None:
    queue = [with_all_that_can_be_said(shown)] * QUEUE_LENGTH
    check_view(review_views.queue(queue, True, 1, MEMORY))


@given(made_up.shown(reviewed=True), st.integers(1, QUEUE_LENGTH))
def test_the_queue(shown: Shown, count: int) -> None:
    check_view(review_views.queue([shown] * count, count == QUEUE_LENGTH, 1, MEMORY))


def test_an_empty_queue() -> None:
    check_view(review_views.queue([], False, 1, MEMORY))


@given(made_up.pages(), st.sampled_from(list(SETS)), st.sampled_from(["", "U1"]))
def test_a_list(page: Page, chosen: str, person: str) -> None:
    check_view(list_views.posts(page, chosen, person, {**MEMORY, "desks": [10**9], "cleared": 9}))


@given(made_up.pages(), made_up.texts(LENGTH, 1))
def test_what_was_found(page: Page, typed: str) -> None:
    check_view(list_views.found(page, typed, {**MEMORY, "words": typed.split()}))


@given(made_up.homes())
def test_the_home(found: Home) -> None:
    shown = home(found).to_dict()
    assert blockkit.problems("home", shown) == []
    assert not mentions_many({"blocks": shown["blocks"]})


@given(made_up.shown(reviewed=True), made_up.listed(), made_up.desks(), made_up.days_off())
def test_the_longest_home(shown: Shown, listed: Listed, desk: Desk, days_off: DaysOff) -> None:
    """Everything at its limit and beyond, each post with all that can be said of it."""
    desks = tuple(replace(desk, id=i, channel_id=f"C{i}") for i in range(1, 200))
    mine = tuple(replace(listed, desk_id=i) for i in range(1, 200))
    waiting = (with_all_that_can_be_said(shown),) * 50
    counts = {desk.id: dict.fromkeys(Status, 10**9) for desk in desks}
    found = Home(next(iter(shown.people.values())), days_off, waiting, mine, desks, counts)
    assert blockkit.problems("home", home(found).to_dict()) == []


@given(made_up.absences, made_up.days_off(), st.booleans())
def test_what_tells_of_an_absence(absence: Absence, found: DaysOff, yes: bool) -> None:
    by = found.people[1]
    check_message(absence_views.covering(absence, yes, found.people))
    check_message(absence_views.marked(absence, by, found.people, yes))
    today = absence.first
    said = [absence_words.understood(by.name, absence, "Paris time", today)]
    said.append(absence_words.replaces([absence] * 20, today))
    filled = absence_views.Filled(absence.first, absence.last, "U1" if yes else "")
    check_view(absence_views.form(filled, said, {**MEMORY, "person": "U0123456789"}))


@given(made_up.shown(reviewed=True), made_up.people(), made_up.ids)
def test_what_managers_hear_of_an_absence(
    shown: Shown, known: dict[int, Person], approver: int
) -> None:
    assert shown.review is not None
    check_message(absence_views.no_cover(shown, shown.review, known[approver]))


@given(made_up.shown(), st.sampled_from(Verdict))
def test_the_forms_of_a_decision(shown: Shown, verdict: Verdict) -> None:
    check_view(review_views.comment_form(shown, verdict, MEMORY))
    check_view(post_forms.publish(shown.post, MEMORY))


@given(made_up.shown(), st.sampled_from([May.HOLD, May.URGENT]))
def test_the_forms_behind_the_menu(shown: Shown, choice: May) -> None:
    check_view(post_forms.reason(shown, choice, MEMORY))
    check_view(post_forms.owner(shown, MEMORY))
    check_view(post_forms.campaign(shown, MEMORY))


filled = st.builds(
    Filled,
    content=made_up.contents(),
    publish_at=st.none() | made_up.moments,
    notes=made_up.texts(3000),
    send=st.booleans(),
)


def on(filled: Filled, networks: tuple[Network, ...]) -> Filled:
    """The same with other networks chosen."""
    return replace(filled, content=replace(filled.content, networks=networks))


@given(st.lists(made_up.desks(), min_size=1, max_size=3), filled, made_up.texts(500, 1))
def test_the_form_of_a_new_draft(desks: list[Desk], filled: Filled, said: str) -> None:
    offered = {network for desk in desks for network in desk.networks}
    networks = tuple(network for network in filled.content.networks if network in offered)
    check_view(draft_views.new_draft(desks, on(filled, networks), MEMORY, [said]))
    one = on(filled, desks[0].networks)
    check_view(draft_views.new_draft(desks[:1], one, {**MEMORY, "desk": desks[0].id}))


@given(made_up.desks(), st.integers(101, 120))
def test_somebody_in_more_desks_than_a_select_holds(desk: Desk, count: int) -> None:
    filled = Filled(Content("", desk.networks))
    check_view(draft_views.new_draft([desk] * count, filled, MEMORY))


@given(made_up.shown(), filled, made_up.texts(500, 1), earlier)
def test_the_forms_of_an_edit(
    shown: Shown, filled: Filled, said: str, before: Version | None
) -> None:
    # What was chosen in the form may have left the desk and the post since.
    typed = on(filled, tuple(Network))
    check_view(draft_views.edit(shown, typed, MEMORY, [said], before))
    memory = {**MEMORY, "round": 2}
    check_view(draft_views.edit_and_approve(shown, typed.content, memory, [said], before))


@given(made_up.shown(), made_up.texts(500, 1), st.booleans())
def test_the_form_for_alt_texts(shown: Shown, said: str, send: bool) -> None:
    assume(images(shown.version.content.attachments))
    check_view(alt_texts.asking(shown, MEMORY, [said], send=send))


@given(made_up.shown(), st.sampled_from(Network))
def test_the_preview(shown: Shown, network: Network) -> None:
    check_view(preview.sheet(shown, network))


@given(made_up.shown(), made_up.versions())
def test_what_changed(shown: Shown, before: Version) -> None:
    check_blocks([parts.title(shown), *parts.changed(shown, before)])


@given(made_up.desk_forms, st.booleans(), made_up.texts(80))
def test_the_forms_of_a_desk(form: DeskForm, new: bool, name: str) -> None:
    people = [f"U{i}" for i in form.approvers]
    memory = {**MEMORY, "name": name}
    check_view(desk_views.setup(form, people, memory, new))
    check_view(desk_views.setup(form, [], memory, new))
    check_view(desk_views.settings(form, people, memory))
    warning = desk_words.reads_along([name] * 120, shared=new)
    check_view(desk_views.setup(form, people, memory, new, warning))
    check_view(desk_views.settings(form, people, memory, desk_words.READ_ALONG))


@given(made_up.texts(80))
def test_the_search_for_a_time_zone(query: str) -> None:
    options = [option.to_dict() for option in desk_views.zones(query)]
    assert len(options) <= 100
    if options:
        select = {"type": "static_select", "action_id": "a", "options": options}
        assert blockkit.problems("message", [{"type": "actions", "elements": [select]}]) == []


def test_help_and_what_is_said_when_the_bot_comes_and_goes() -> None:
    for channel, has_desk in [("", False), ("C1", False), ("C1", True)]:
        check_blocks(desk_views.help_blocks(channel, has_desk))
    check_blocks(desk_views.welcome("C1"))
    check_blocks(desk_views.asleep("C1", archived=False))
    check_blocks(desk_views.asleep("C1", archived=True))


@given(made_up.posts((Network.X,)), st.from_regex("[a-z][a-z0-9_]{0,60}", fullmatch=True))
def test_what_managers_are_told_of_trouble(post: Post, error: str) -> None:
    for about in (None, post):
        check_message(courier_words.failed("P-1", "<#C1>", error, about))
        check_message(courier_words.unknown("P-1", "<@U1>", about))


@given(made_up.texts(500, 1))
def test_a_note(said: str) -> None:
    check_view(draw.note("Copydesk", said))


@given(made_up.moments, made_up.zones)
def test_a_moment_is_said_in_slacks_way_and_in_words(at: datetime, zone: str) -> None:
    said = times.in_readers_zone(at)
    assert said.startswith(f"<!date^{int(at.timestamp())}^")
    assert not mentions_many({"text": said})
    assert times.plain(at, zone)
    assert times.place(zone).endswith(" time")


@given(made_up.texts(200), st.integers(2, 100))
def test_an_excerpt_is_one_short_line(text: str, length: int) -> None:
    said = draw.excerpt(text, length)
    assert len(said) <= length
    assert "\n" not in said


@pytest.mark.parametrize("sign", ["👨‍👩‍👧‍👦", "🇫🇷", "👍🏽", "❤️", "e\u0301"])
@pytest.mark.parametrize("length", range(2, 30))
def test_an_excerpt_ends_in_no_half_of_a_character(sign: str, length: int) -> None:
    said = draw.excerpt(sign * 20, length + len(sign))
    assert said.endswith("…")
    assert said.removesuffix("…").replace(sign, "") == ""
    assert said != "…"


@pytest.mark.parametrize(
    ("name", "shown"), [("_Tom_", "Tom"), ("*~ Tom", "Tom"), ("___", "___"), ("<~>", "&lt;&gt;")]
)
def test_a_name_formats_nothing_and_is_never_empty(name: str, shown: str) -> None:
    assert draw.name(name) == shown


@given(made_up.reviews())
def test_what_still_waits_is_counted_without_names(review: Review) -> None:
    said = review_views.progress(review)
    assert "Person" not in said
    assert len(said) < 100


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("dryed tea", "dried tea", "dryed dried tea"),
        ("Tea.", "Tea!", "Tea.!"),
        ("Tea and cake", "Tea, cake", "Tea and, cake"),
    ],
)
def test_a_word_does_not_run_into_the_one_it_replaces(before: str, after: str, shown: str) -> None:
    [block] = draw.changes(changes(before, after))
    [quote] = block.to_dict()["elements"]
    assert "".join(piece["text"] for piece in quote["elements"]) == shown
