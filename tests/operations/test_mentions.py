"""A draft that was asked for in a channel: one answer, which tells what it became."""

from functools import partial

import pytest

from operations import deliveries, drafts, mentions
from operations.drafts import Saved
from operations.mentions import Asked
from rules.desks import Desk
from rules.people import Person
from storage import messages, outbox
from storage.messages import Kind, Message, State
from tests.newsroom import NOW, TEAM, Newsroom, at_once

KEY = "asked:C9:2.0"


@pytest.fixture
def ann(team: Newsroom) -> Person:
    return team.person("ann")


@pytest.fixture
def desk(team: Newsroom, ann: Person) -> Desk:
    return team.desk(ann, team.person("ben"))


def ask(team: Newsroom, text: str = "Spring", channel: str = "C9") -> Message:
    mentions.ask_for(team.store, TEAM, channel, "2.0", "1.0", text, ["F1"], NOW)
    with team.store.read() as tx:
        found = messages.by_key(tx, TEAM, f"asked:{channel}:2.0")
    assert found is not None
    return found


def found(team: Newsroom, message: Message) -> Asked:
    asked = mentions.asked(team.store, TEAM, message.id)
    assert asked is not None
    return asked


def write(team: Newsroom, who: Person, desk: Desk, asked: Message, key: str | None = None) -> Saved:
    return drafts.create(team.store, who, desk.id, team.form(key=key), NOW, asked=asked.id)


def test_a_message_is_answered_once(team: Newsroom, ann: Person, desk: Desk) -> None:
    answer = ask(team)
    assert team.told() == {("asked_for", "C9")}
    assert ask(team, "Edited").id == answer.id
    assert team.told() == set()
    assert found(team, answer) == Asked(answer.id, "C9", "1.0", "Spring", ("F1",), None)
    assert (answer.desk_id, ask(team, channel="C1").desk_id) == (None, desk.id)


def test_it_tells_the_first_post_that_it_became(team: Newsroom, ann: Person, desk: Desk) -> None:
    answer = ask(team)
    team.told()
    write(team, ann, desk, answer, key="once")
    assert team.told() == {("ASKED_FOR", "C9"), ("draft_card", "ann")}
    assert found(team, answer).became == "P-1"
    assert (found(team, answer).text, found(team, answer).files) == ("", ())
    write(team, ann, desk, answer, key="once")
    write(team, team.person("ben"), desk, answer)
    assert team.told() == {("draft_card", "ben")}
    assert found(team, answer).became == "P-1"


def test_of_many_that_are_saved_at_once_it_is_one(team: Newsroom, ann: Person, desk: Desk) -> None:
    for number in range(4):
        answer = ask(team, channel=f"C1{number}")
        made = at_once(*[partial(write, team, ann, desk, answer)] * 4)
        codes = [saved.post.code for saved in made if isinstance(saved, Saved)]
        assert len(set(codes)) == 4
        assert found(team, answer).became in codes
        with team.store.read() as tx:
            assert messages.by_id(tx, answer.id).wanted == 2


def test_a_change_of_the_post_is_no_news_there(team: Newsroom, ann: Person, desk: Desk) -> None:
    post = write(team, ann, desk, ask(team)).post
    team.told()
    team.edit(ann, post, team.form("Autumn"))
    assert team.told() == {("DRAFT_CARD", "ann")}


def test_what_could_not_be_posted_is_not_posted_late(
    team: Newsroom, ann: Person, desk: Desk
) -> None:
    answer = ask(team)
    deliveries.fail(team.store, answer, State.UNKNOWN, "no answer", NOW)
    with team.store.write() as tx:
        outbox.end(tx, answer, State.UNKNOWN, "no answer")
    team.told()
    write(team, ann, desk, answer)
    assert team.told() == {("draft_card", "ann")}


@pytest.mark.parametrize("which", ["unknown", "another workspace", "another kind"])
def test_only_what_was_asked_for_is_found(
    team: Newsroom, ann: Person, desk: Desk, which: str
) -> None:
    answer = ask(team)
    eve = team.person("eve", team_id="T2")
    post = team.draft(ann, desk)
    with team.store.read() as tx:
        card = messages.by_key(tx, TEAM, f"draft:{post.id}:{ann.id}")
    assert card is not None
    team_id, message_id = {
        "unknown": (TEAM, 10**6),
        "another workspace": (eve.team_id, answer.id),
        "another kind": (TEAM, card.id),
    }[which]
    assert mentions.asked(team.store, team_id, message_id) is None
    saved = drafts.create(team.store, ann, desk.id, team.form(), NOW, asked=10**6)
    assert saved.post.code == "P-2"


def test_an_event_that_was_answered_is_known(team: Newsroom, ann: Person) -> None:
    assert not mentions.was_answered(team.store, TEAM, "Ev1")
    for _ in range(2):
        mentions.answered(team.store, TEAM, "Ev1", NOW)
        assert mentions.was_answered(team.store, TEAM, "Ev1")
    assert not mentions.was_answered(team.store, TEAM, "Ev2")


def test_a_thread_that_is_not_ours_is_kept(team: Newsroom, ann: Person) -> None:
    assert ask(team).data["thread_ts"] == "1.0"
    assert ask(team).kind is Kind.ASKED_FOR
    assert ask(team).key == KEY
