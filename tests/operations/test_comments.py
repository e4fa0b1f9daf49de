"""Comments: kept once, in one conversation, told to whom they concern and to nobody else."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from operations import comments, desks, drafts, endings, people, posts, reviews
from operations import history as histories
from operations.comments import Kept, Said
from rules.comments import Origin
from rules.desks import Desk, Need
from rules.people import Person
from rules.posts import Post, PostRefusal
from rules.refused import Refused
from rules.reviews import Review, Verdict
from storage import messages
from storage.history import Event
from storage.messages import Kind, Message, State
from storage.people import Profile
from storage.tables import comments as comments_table
from storage.tables import history
from storage.tables import messages as messages_table
from tests.newsroom import LATER, NOW, TEAM, Newsroom, at_once


@pytest.fixture
def ann(team: Newsroom) -> Person:
    """The manager."""
    return team.person("ann")


@pytest.fixture
def ben(team: Newsroom) -> Person:
    """The approver."""
    return team.person("ben")


@pytest.fixture
def tom(team: Newsroom) -> Person:
    """The owner."""
    return team.person("tom")


@pytest.fixture
def desk(team: Newsroom, ann: Person, ben: Person) -> Desk:
    return team.desk(ann, ben)


@pytest.fixture
def review(team: Newsroom, tom: Person, desk: Desk) -> Review:
    return team.sent(tom, desk)


def outsider(team: Newsroom, name: str) -> Person:
    profile = Profile(f"U-{name}", name, "Europe/Rome", "en-US", is_guest=True)
    return people.remember(team.store, TEAM, profile, NOW)


def by_form(
    *mentions: Person, text: str = "Shorter?", key: str = "k", within: tuple[Person, ...] = ()
) -> Said:
    in_channel = frozenset(person.id for person in within)
    return Said(key, text, Origin.OPEN, mentions, in_channel)


def add(
    team: Newsroom, who: Person, about: Review | Post, said: Said, *, in_channel: bool = True
) -> Kept:
    post_id = about.post_id if isinstance(about, Review) else about.id
    return comments.add(team.store, who, post_id, said, in_channel, NOW)


def posted(team: Newsroom, key: str, channel: str, ts: str) -> Message:
    """A message of ours as it is once Slack has it."""
    with team.store.write() as tx:
        where = {"state": State.SENT, "posted_channel": channel, "posted_ts": ts, "pending": False}
        tx.execute(messages_table.update().filter_by(key=key).values(**where))
    found = comments.answered(team.store, TEAM, channel, ts)
    assert found is not None
    return found


def channel_card(team: Newsroom, review: Review) -> Message:
    return posted(team, f"review:{review.id}:channel", "C1", "1.0")


def direct_card(team: Newsroom, review: Review, who: Person) -> Message:
    return posted(team, f"review:{review.id}:approver:{who.id}", "D1", "2.0")


def in_thread(card: Message, text: str, ts: str, *mentions: Person, within: bool = True) -> Said:
    here = card.posted_channel or ""
    return Said(
        key=f"{here}:{ts}",
        text=text,
        origin=Origin.THREAD if here == "C1" else Origin.DIRECT,
        mentions=mentions,
        in_channel=frozenset(p.id for p in mentions) if within else frozenset(),
        names=tuple(p.name for p in mentions),
        under=card,
        address=(here, ts),
    )


def rows(team: Newsroom) -> list[sa.Row[Any]]:
    """Everything that was noted to be told, oldest first."""
    with team.store.read() as tx:
        return list(tx.execute(sa.select(messages_table).order_by(messages_table.c.id)))


def told(team: Newsroom, kind: Kind = Kind.COMMENTED) -> list[int | None]:
    """Who gets a message of this kind, in order."""
    return [row.person_id for row in rows(team) if row.kind == kind]


def test_a_comment_from_open_is_copied_to_the_card_and_told_to_the_owner(
    team: Newsroom, ann: Person, tom: Person, review: Review
) -> None:
    kept = add(team, ann, review, by_form(text="Shorter?"))
    assert kept.is_new
    assert kept.copied
    assert (kept.comment.text, kept.comment.version) == ("Shorter?", 1)
    [copy] = [row for row in rows(team) if row.kind == Kind.COMMENT]
    with team.store.read() as tx:
        card = messages.by_key(tx, TEAM, f"review:{review.id}:channel")
    assert card is not None
    assert (copy.channel_id, copy.thread_of) == ("C1", card.id)
    assert copy.comment_id == kept.comment.id
    assert told(team) == [tom.id]


def test_the_same_key_is_the_same_comment(team: Newsroom, ann: Person, review: Review) -> None:
    first = add(team, ann, review, by_form())
    again = add(team, ann, review, by_form(text="Changed meanwhile"))
    assert (first.is_new, again.is_new) == (True, False)
    assert again.comment == first.comment
    at_once(*[lambda: add(team, ann, review, by_form(key="other"))] * 4)
    assert team.count(comments_table) == 2
    assert len(told(team)) == 2
    assert len(told(team, Kind.COMMENT)) == 2


def test_it_is_in_the_record_and_among_what_open_shows(
    team: Newsroom, ann: Person, review: Review
) -> None:
    for number in range(7):
        add(team, ann, review, by_form(text=f"Say {number}", key=f"k{number}"))
    found, _ = posts.open_for(team.store, ann, review.post_id, in_channel=True)
    assert [c.text for c in found.comments] == [f"Say {n}" for n in range(2, 7)]
    record = histories.page(team.store, ann, review.post_id, True, 0)
    said = [e.data["comment"] for e in record.entries if e.event is Event.COMMENTED]
    assert said == [f"Say {n}" for n in range(7)]


def test_who_is_called_is_told_once_and_only_if_they_see_the_post(
    team: Newsroom, ann: Person, ben: Person, tom: Person, review: Review
) -> None:
    cleo, dan = team.person("cleo"), team.person("dan")
    gone = people.remember(team.store, TEAM, Profile("U-x", "x", "UTC", "en-US", is_gone=True), NOW)
    bot = people.remember(team.store, TEAM, Profile("U-b", "b", "UTC", "en-US", is_bot=True), NOW)
    said = by_form(ben, tom, cleo, dan, gone, bot, ann, within=(cleo, gone))
    kept = add(team, ann, review, said)
    assert kept.told == (ben.id, tom.id, cleo.id)
    assert kept.untold == (dan.id, gone.id)
    assert told(team) == [ben.id, tom.id, cleo.id]


def test_nobody_hears_of_their_own(team: Newsroom, tom: Person, review: Review) -> None:
    assert add(team, tom, review, by_form(tom)).told == ()
    assert told(team) == []


def test_a_draft_is_talked_about_by_who_may_see_it(
    team: Newsroom, ann: Person, ben: Person, tom: Person, desk: Desk
) -> None:
    post = team.draft(tom, desk)
    with pytest.raises(Refused) as refused:
        add(team, ben, post, by_form())
    assert refused.value.reason is PostRefusal.UNKNOWN
    assert team.count(comments_table) == 0
    kept = add(team, tom, post, by_form(ben, ann, within=(ben, ann)))
    assert not kept.copied
    assert (kept.told, kept.untold) == ((ann.id,), (ben.id,))


def test_a_reply_in_the_channel_stays_there(
    team: Newsroom, ben: Person, tom: Person, review: Review
) -> None:
    cleo = team.person("cleo")
    kept = add(team, cleo, review, in_thread(channel_card(team, review), "Nice", "1.1", ben))
    assert not kept.copied
    assert told(team, Kind.COMMENT) == []
    # Slack itself tells Ben, who is in the channel and mentioned.
    assert kept.told == (ben.id,)
    assert told(team) == [tom.id]


def test_who_is_called_from_a_thread_they_are_not_in_is_told(
    team: Newsroom, ben: Person, tom: Person, review: Review
) -> None:
    card = channel_card(team, review)
    add(team, tom, review, in_thread(card, "Please", "1.1", ben, within=False))
    assert told(team) == [ben.id]


def test_an_owner_who_wrote_in_the_thread_follows_it(
    team: Newsroom, ann: Person, tom: Person, review: Review
) -> None:
    card = channel_card(team, review)
    add(team, ann, review, in_thread(card, "Shorter?", "1.1"))
    add(team, tom, review, in_thread(card, "Why?", "1.2"))
    add(team, ann, review, in_thread(card, "Because", "1.3"))
    add(team, ann, review, by_form())
    assert told(team) == [tom.id]
    add(team, ann, review, by_form(tom, key="called"))
    assert told(team) == [tom.id, tom.id]


def test_a_reply_under_a_direct_card_is_copied_and_answered_once(
    team: Newsroom, ben: Person, tom: Person, review: Review
) -> None:
    card = direct_card(team, review, ben)
    for ts in ("2.1", "2.2"):
        assert add(team, ben, review, in_thread(card, "Shorter", ts), in_channel=False).copied
    assert len(told(team, Kind.COMMENT)) == 2
    [kept] = [row for row in rows(team) if row.kind == Kind.COMMENT_KEPT]
    assert (kept.person_id, kept.thread_of) == (ben.id, card.id)
    assert told(team) == [tom.id, tom.id]


def test_where_outsiders_read_along_it_goes_to_those_concerned(
    team: Newsroom, ann: Person, ben: Person, tom: Person
) -> None:
    gil = outsider(team, "gil")
    desk = team.desk(ann, ben, gil, need=Need.ALL)
    desks.set_outsiders(team.store, desk, True)
    review = team.sent(tom, desk)
    kept = add(team, ann, review, by_form())
    assert not kept.copied
    assert told(team, Kind.COMMENT) == []
    assert told(team) == [tom.id, ben.id]


def test_outsiders_read_what_is_meant_for_them(
    team: Newsroom, ann: Person, ben: Person, tom: Person, desk: Desk
) -> None:
    gil = outsider(team, "gil")
    form = team.form(notes="Between us", send=True)
    review = drafts.create(team.store, tom, desk.id, form, NOW).review
    assert review is not None
    card = channel_card(team, review)
    add(team, ann, review, by_form(text="Private", key="a"))
    add(team, ann, review, by_form(gil, text="For Gil", key="b", within=(gil,)))
    add(team, gil, review, in_thread(card, "In the thread", "1.1"))
    team.decide(ben, review, Verdict.REQUEST_CHANGES)
    seen, _ = posts.open_for(team.store, gil, review.post_id, in_channel=True)
    assert [c.text for c in seen.comments] == ["For Gil", "In the thread"]
    assert seen.post.notes == ""
    assert seen.review is not None
    assert [d.comment for d in seen.review.decisions] == [""]
    full, _ = posts.open_for(team.store, ann, review.post_id, in_channel=True)
    assert len(full.comments) == 3
    assert full.post.notes == "Between us"
    record = histories.page(team.store, gil, review.post_id, True, 0)
    said = [e.data.get("comment") for e in record.entries]
    assert "Private" not in said
    assert "because" not in said
    assert "For Gil" in said


def test_what_outsiders_may_not_read_leaves_no_gap_in_their_pages(
    team: Newsroom, ann: Person, ben: Person, tom: Person, desk: Desk
) -> None:
    gil, review = outsider(team, "gil"), team.sent(tom, desk)
    for number in range(histories.PAGE):
        add(team, ann, review, by_form(text="Private", key=f"p{number}"))
        add(team, ann, review, by_form(gil, text="For Gil", key=f"g{number}", within=(gil,)))
    pages = [histories.page(team.store, gil, review.post_id, True, n) for n in (0, 1)]
    assert [entry.data["comment"] for entry in pages[0].entries] == ["For Gil"] * histories.PAGE
    assert [entry.event for entry in pages[1].entries] == [Event.DRAFTED, Event.SENT]
    assert (pages[0].has_more, pages[1].has_more) == (True, False)


def test_an_outsider_in_the_thread_is_noticed(
    team: Newsroom, ann: Person, desk: Desk, review: Review
) -> None:
    card = channel_card(team, review)
    before = card.wanted
    add(team, outsider(team, "gil"), review, in_thread(card, "Hello", "1.1"))
    assert desks.by_id(team.store, TEAM, desk.id).outsiders
    found = comments.answered(team.store, TEAM, "C1", "1.0")
    assert found is not None
    assert found.wanted == before + 1, "the card is drawn anew, without the notes"
    assert not add(team, ann, review, by_form()).copied


def test_a_comment_on_a_cancelled_post_is_kept(
    team: Newsroom, ann: Person, tom: Person, review: Review
) -> None:
    endings.cancel(team.store, tom, review.post_id, NOW)
    kept = add(team, ann, review, by_form())
    assert kept.is_new
    assert told(team) == [tom.id]


def test_a_comment_under_an_older_card_is_about_its_version(
    team: Newsroom, ann: Person, tom: Person, review: Review
) -> None:
    card = channel_card(team, review)
    team.edit(tom, team.post(review.post_id), team.form("New", send=True))
    said = in_thread(card, "I liked this one", "1.1")
    assert add(team, ann, review, said).comment.version == 1
    assert add(team, ann, review, by_form()).comment.version == 2


def test_a_yes_from_the_approver_is_asked_about(
    team: Newsroom, ann: Person, ben: Person, tom: Person, review: Review
) -> None:
    card, direct = channel_card(team, review), direct_card(team, review, ben)
    assert add(team, ben, review, in_thread(card, "LGTM", "1.1")).asks == review.id
    assert add(team, ben, review, by_form(text="ok")).asks == review.id
    named = in_thread(card, "tom looks good", "1.2", tom)
    assert add(team, ben, review, named).asks == review.id
    assert add(team, ben, review, in_thread(card, "ok?", "1.3")).asks is None
    assert add(team, ann, review, in_thread(card, "ok", "1.4")).asks is None
    assert add(team, tom, review, in_thread(card, "ok", "1.5")).asks is None
    assert told(team, Kind.QUESTION) == []
    assert add(team, ben, review, in_thread(direct, "yes", "2.1")).asks == review.id
    [question] = [row for row in rows(team) if row.kind == Kind.QUESTION]
    assert (question.person_id, question.review_id) == (ben.id, review.id)
    assert question.thread_of == direct.id
    assert told(team, Kind.COMMENT_KEPT) == [], "the question is answer enough"
    team.decide(ben, review)
    assert add(team, ben, review, in_thread(card, "ok", "1.6")).asks is None


def test_a_yes_is_for_the_version_that_it_stands_under(
    team: Newsroom, ben: Person, tom: Person, review: Review
) -> None:
    old = channel_card(team, review)
    team.edit(tom, team.post(review.post_id), team.form("New", send=True))
    assert add(team, ben, review, in_thread(old, "LGTM", "1.1")).asks is None
    assert comments.ask_after_reaction(team.store, ben, old, "E1", False, NOW) is None


def test_a_check_mark_from_the_approver_is_asked_about_once(
    team: Newsroom, ann: Person, ben: Person, tom: Person, review: Review
) -> None:
    card, direct = channel_card(team, review), direct_card(team, review, ben)

    def ask(who: Person, on: Message, event: str) -> int | None:
        private = on is direct
        return comments.ask_after_reaction(team.store, who, on, event, private, NOW)

    assert ask(ben, card, "E1") == review.id
    assert ask(ben, card, "E1") is None, "the same event again"
    assert ask(ann, card, "E2") is None
    assert ask(tom, card, "E3") is None
    assert told(team, Kind.QUESTION) == []
    assert ask(ben, direct, "E4") == review.id
    assert told(team, Kind.QUESTION) == [ben.id]
    draft = posted(team, f"draft:{review.post_id}:{tom.id}", "D2", "3.0")
    assert ask(ben, draft, "E5") is None
    reviews.decide(team.store, ben, review.id, Verdict.APPROVE, "", NOW)
    assert ask(ben, card, "E6") is None


def test_a_question_is_answered_by_whom_it_was_put_to(
    team: Newsroom, ann: Person, ben: Person, review: Review
) -> None:
    kept = add(team, ben, review, in_thread(direct_card(team, review, ben), "yes", "2.1"))
    question = posted(team, f"comment:{kept.comment.id}:question", "D1", "2.2")
    comments.only_a_comment(team.store, ann, "D1", "2.2")
    comments.only_a_comment(team.store, ben, "D1", "9.9")
    same = comments.answered(team.store, TEAM, "D1", "2.2")
    assert same is not None
    assert same.data == {}
    comments.only_a_comment(team.store, ben, "D1", "2.2")
    answered = comments.answered(team.store, TEAM, "D1", "2.2")
    assert answered is not None
    assert answered.data == {"only": True}
    assert answered.wanted == question.wanted + 1


def test_a_card_that_never_came_has_no_thread(
    team: Newsroom, ann: Person, ben: Person, tom: Person, review: Review
) -> None:
    with team.store.write() as tx:
        card = messages_table.update().filter_by(key=f"review:{review.id}:channel")
        tx.execute(card.values(state=State.FAILED))
    assert not add(team, ann, review, by_form()).copied
    assert told(team) == [tom.id, ben.id]


def test_what_is_not_about_a_post_is_not_answered_by_comments(
    team: Newsroom, ben: Person, review: Review
) -> None:
    desks.help_wanted(team.store, TEAM, ben, "E1", NOW)
    with team.store.write() as tx:
        help_message = messages_table.update().filter_by(key="help:E1")
        tx.execute(help_message.values(posted_channel="D1", posted_ts="5.0"))
    assert comments.answered(team.store, TEAM, "D1", "5.0") is None
    assert comments.answered(team.store, TEAM, "D1", "1.2345") is None
    channel_card(team, review)
    assert comments.answered(team.store, "T2", "C1", "1.0") is None


def test_who_reads_along_is_remembered_and_the_cards_know(
    team: Newsroom, ann: Person, ben: Person, tom: Person, desk: Desk, review: Review
) -> None:
    other = team.sent(tom, desk)
    team.decide(ben, other)
    before = {row.key: row.wanted for row in rows(team)}
    desks.set_outsiders(team.store, desk, True)
    now_so = desks.by_id(team.store, TEAM, desk.id)
    assert now_so.outsiders
    after = {row.key: row.wanted for row in rows(team)}
    changed = {key for key, wanted in after.items() if wanted != before[key]}
    assert f"review:{review.id}:channel" in changed
    assert f"review:{other.id}:channel" not in changed
    desks.set_outsiders(team.store, now_so, True)
    assert {row.key: row.wanted for row in rows(team)} == after
    desks.set_outsiders(team.store, replace(now_so), False)
    assert not desks.by_id(team.store, TEAM, desk.id).outsiders
    late = desks.set_up(
        team.store, ann, "C2", "partners", desks.form_of(desk), LATER, outsiders=True
    )
    assert late.outsiders


def test_the_record_of_comments_is_only_added_to(
    team: Newsroom, ann: Person, review: Review
) -> None:
    before = team.count(history)
    add(team, ann, review, by_form())
    assert team.count(history) == before + 1
    with team.store.read() as tx:
        row = tx.execute(sa.select(history).order_by(history.c.id.desc()).limit(1)).one()
    assert (row.event, row.data["comment"], row.data["version"]) == ("commented", "Shorter?", 1)
