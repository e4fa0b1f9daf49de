"""A reply that sounds like a yes, or a check mark: asked about in private, never taken for one."""

from functools import partial

import pytest

from tests.handlers.test_comments import comes_again, private, shown_early, thread, write
from tests.handlers.world import SOCIAL, World, read
from tests.player import Json, Player, labels, wait_until

ASKED = "That sounds like a yes to P-1, version 1. Record this as your approval?"
RECORDED = "Your approval of P-1, version 1, is recorded."
NOT_RECORDED = "No approval is recorded."


@pytest.fixture
def sent(world: World) -> str:
    """A post that waits for Ines and Kenji; its code."""
    world.set_up(world.ines, world.kenji)
    return world.draft(world.tom, send=True)


def asked(who: Player, card: Json) -> Json:
    """The question in the thread of the channel's card, once it is there."""
    found = wait_until(lambda: private(who, card), f"{who.id} is asked")
    return found[-1]


def direct_question(who: Player, card: Json) -> Json:
    """The question under a direct card, as it stands now, once it is there."""
    return wait_until(lambda: thread(who, card)[-1:], f"{who.id} is asked")[0]


def test_a_yes_in_the_thread_becomes_an_approval_by_one_click(world: World, sent: str) -> None:
    card = world.channel_card(sent)
    world.ines.say(SOCIAL, "Looks good to me :+1:", card["ts"])
    question = asked(world.ines, card)
    assert ASKED in read(question)
    assert labels(question) == ["Approve", "It was only a comment"]
    assert "In review" in read(world.channel_card(sent)), "nothing is decided by being asked"
    assert private(world.kenji, card) == []
    world.ines.click(question, "Approve")
    wait_until(lambda: RECORDED in read(asked(world.ines, card)), "the question is answered")
    assert labels(asked(world.ines, card)) == []
    assert "Ines Ferrari approved version 1" in read(world.channel_card(sent))
    assert "Looks good to me 👍" in read(world.open(world.lea, card)), "it is kept as a comment"


def test_it_was_only_a_comment(world: World, sent: str) -> None:
    card = world.channel_card(sent)
    world.ines.say(SOCIAL, "ok", card["ts"])
    world.ines.click(asked(world.ines, card), "It was only a comment")
    wait_until(lambda: NOT_RECORDED in read(asked(world.ines, card)), "it is answered")
    assert "In review" in read(world.channel_card(sent))


def test_a_yes_under_the_direct_card_is_asked_about_there(world: World, sent: str) -> None:
    mine = world.dm_card(world.ines, sent)
    world.ines.say(mine["channel"], "Approvato, grazie!", mine["ts"])
    wait_until(lambda: len(thread(world.ines, mine)) == 2, "it is asked")
    question = direct_question(world.ines, mine)
    assert ASKED in read(question)
    world.ines.click(question, "Approve")
    world.settle()
    assert RECORDED in read(direct_question(world.ines, mine))
    assert labels(direct_question(world.ines, mine)) == []
    assert "Ines Ferrari approved version 1" in read(world.channel_card(sent))
    assert "Approvato, grazie!" in read(thread(world.lea, world.channel_card(sent))[0])


def test_it_was_only_a_comment_under_the_direct_card(world: World, sent: str) -> None:
    mine = world.dm_card(world.ines, sent)
    world.ines.say(mine["channel"], "OK", mine["ts"])
    wait_until(lambda: len(thread(world.ines, mine)) == 2, "it is asked")
    world.ines.click(direct_question(world.ines, mine), "It was only a comment")
    world.settle()
    assert NOT_RECORDED in read(direct_question(world.ines, mine))
    assert "In review" in read(world.channel_card(sent))
    world.ines.click(world.dm_card(world.ines, sent), "Approve")
    world.settle()
    assert RECORDED in read(direct_question(world.ines, mine))


def test_a_yes_from_open_is_asked_about_too(world: World, sent: str) -> None:
    write(world, world.ines, world.channel_card(sent), "LGTM")
    question = world.told(world.ines, SOCIAL, ASKED)
    assert "Your comment on P-1 is in the thread" in read(question)
    world.ines.click(question, "Approve")
    world.told(world.ines, SOCIAL, RECORDED)
    assert "Ines Ferrari approved version 1" in read(world.channel_card(sent))


def refused(who: Player, card: Json) -> bool:
    says = "This is version 1, and there is a version 2"
    return any(says in read(m) for m in private(who, card))


@pytest.mark.parametrize("reaction", ["white_check_mark", "heavy_check_mark", "+1"])
def test_a_check_mark_on_the_card_is_asked_about(world: World, sent: str, reaction: str) -> None:
    world.ines.react(world.channel_card(sent), reaction)
    question = world.told(world.ines, SOCIAL, ASKED)
    world.again("event reaction_added")
    assert sum(ASKED in read(m) for m in world.ines.messages(SOCIAL)) == 1
    world.ines.click(question, "Approve")
    world.told(world.ines, SOCIAL, RECORDED)
    assert "Ines Ferrari approved version 1" in read(world.channel_card(sent))


def test_a_check_mark_on_the_direct_card_is_asked_about_there(world: World, sent: str) -> None:
    mine = world.dm_card(world.ines, sent)
    world.ines.react(mine, "white_check_mark")
    question = direct_question(world.ines, mine)
    world.again("event reaction_added")
    assert len(thread(world.ines, mine)) == 1
    world.ines.click(question, "Approve")
    assert "Ines Ferrari approved version 1" in read(world.channel_card(sent))


def test_a_check_mark_on_a_card_of_which_slack_hasnt_told_us_is_asked_about(world: World) -> None:
    world.set_up(world.ines)
    card = shown_early(world, world.ines, "channel")
    react = partial(world.ines.react, card, "white_check_mark")
    comes_again(world, "reaction_added", "white_check_mark", react)
    world.told(world.ines, SOCIAL, ASKED)


def test_only_who_has_a_turn_is_asked(world: World, sent: str) -> None:
    card = world.channel_card(sent)
    for who in (world.lea, world.tom):
        who.say(SOCIAL, "LGTM", card["ts"])
        who.react(card, "white_check_mark")
    world.kenji.say(SOCIAL, "ok, but shorter", card["ts"])
    world.kenji.react(world.dm_card(world.kenji, sent), "eyes")
    world.ines.click(card, "Approve")
    world.settle()
    world.kenji.say(SOCIAL, "LGTM", card["ts"])
    world.kenji.react(card, "+1")
    wait_until(lambda: read(world.open(world.lea, card)).count("LGTM") == 3, "all of it was heard")
    world.settle()
    for who in (world.lea, world.tom, world.kenji):
        assert [m for m in who.messages(SOCIAL) if m["ephemeral"] and ASKED in read(m)] == []
        assert private(who, card) == []
    assert thread(world.kenji, world.dm_card(world.kenji, sent)) == []


def test_a_question_about_what_has_moved_on_decides_nothing(world: World, sent: str) -> None:
    card, mine = world.channel_card(sent), world.dm_card(world.ines, sent)
    world.ines.say(SOCIAL, "LGTM", card["ts"])
    private_question = asked(world.ines, card)
    world.ines.say(mine["channel"], "yes", mine["ts"])
    wait_until(lambda: len(thread(world.ines, mine)) == 2, "it is asked")
    old = direct_question(world.ines, mine)
    world.edit(world.tom, world.dm_card(world.tom, sent), text="Another", when_saved="send")
    world.settle()
    assert "This review has moved on" in read(direct_question(world.ines, mine))
    for question, place in ((private_question, card), (old, mine)):
        world.ines.click(question, "Approve")
        wait_until(partial(refused, world.ines, place), "she is told why not")
    assert "In review" in read(world.channel_card(sent))


def test_an_approval_is_for_the_version_that_was_asked_about(world: World, sent: str) -> None:
    old = world.channel_card(sent)
    world.edit(world.tom, world.dm_card(world.tom, sent), text="Another", when_saved="send")
    world.settle()
    world.ines.say(SOCIAL, "LGTM", old["ts"])
    world.ines.react(old, "white_check_mark")
    new = world.channel_card(sent)
    world.ines.say(SOCIAL, "LGTM", new["ts"])
    assert "version 2" in read(asked(world.ines, new))
    assert private(world.ines, old) == []
    assert not [m for m in world.ines.messages(SOCIAL) if m["ephemeral"] and "a yes" in read(m)]


def test_a_forged_question_decides_nothing(world: World, sent: str) -> None:
    forged = world.plant(SOCIAL, "comment:said_yes", "1")
    world.lea.click(forged, "Open")
    world.told(world.lea, SOCIAL, "Only the approvers of step 1 can do this.")
    forged = world.plant(SOCIAL, "comment:only_said", "1")
    world.lea.click(forged, "Open")
    assert "In review" in read(world.channel_card(sent))
