"""What Slack will never take: noted, told to the manager once, and everything else goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from slack_sdk import WebClient

from operations import reviews
from rules.desks import Need
from rules.reviews import Review, Verdict
from storage.messages import Kind, State
from tests.flows.house import SOCIAL, House
from tests.player import labels, said, wait_until


def approve(house: House, review: Review) -> None:
    """Ines has approved; nobody has been told yet."""
    ines = house.person(house.ines)
    reviews.decide(house.store, ines, review.id, Verdict.APPROVE, "", datetime.now(UTC))


def channel_states(house: House) -> list[str]:
    return house.states(Kind.CHANNEL_CARD)


def test_a_channel_archived_before_the_news_arrives(house: House) -> None:
    desk = house.desk()
    sent = [house.sent(desk, f"Post number {number}") for number in (1, 2)]
    with house.bot():
        house.check()
    for review in sent:
        approve(house, review)
    third = house.sent(desk, "Post number 3")
    house.maya.archive(SOCIAL)
    with house.bot():
        house.check()
        # The approvers still are told, and so is whoever has sent another.
        assert [row.error for row in house.rows(Kind.CHANNEL_CARD)] == ["is_archived"] * 3
        assert channel_states(house) == [State.SENT, State.SENT, State.FAILED]
        assert len(house.troubles()) == 1
        assert "archived" in house.troubles()[0]
        house.maya.archive(SOCIAL, archived=False)
        wait_until(lambda: channel_states(house) == [State.SENT] * 3, "the third card is there")
        house.check()
        # Once it was put right, the next trouble is news again.
        house.maya.archive(SOCIAL)
        wait_until(lambda: house.states(Kind.DESK_ASLEEP), "the desk sleeps")
        approve(house, third)
        house.check()
        assert channel_states(house) == [State.SENT] * 3
        assert len(house.troubles()) == 2
    assert set(house.states(Kind.DRAFT_CARD, Kind.APPROVER_CARD)) == {State.SENT}


def test_the_bot_removed_while_its_messages_are_on_their_way(house: House) -> None:
    desk = house.desk()
    house.hold("chat.postMessage", "before", 4)
    with house.bot():
        house.wait_for_bots()
        house.sent(desk)
        house.wait_held(4)
        house.maya.remove(SOCIAL)
        house.playground.release()
        house.check()
        assert channel_states(house) == [State.FAILED]
        assert house.in_channel() == []
        assert len(house.troubles()) == 1
        assert "/invite" in house.troubles()[0]
        assert house.states(Kind.DESK_ASLEEP) == [State.SENT]


def test_what_could_not_be_shown_is_shown_when_the_bot_is_back(house: House) -> None:
    """ "Type /invite", says the trouble notice: then it must help."""
    desk = house.desk()
    with house.bot():
        old = house.sent(desk)
        house.check()
    house.maya.remove(SOCIAL)
    new = house.sent(desk, "Post number 2")
    approve(house, old)
    with house.bot():
        house.check()
        assert channel_states(house) == [State.SENT, State.FAILED]
        assert len(house.troubles()) == 1
        house.maya.invite(SOCIAL)
        wait_until(lambda: channel_states(house) == [State.SENT] * 2, "the second card is there")
        house.check()
        assert "1 of 2" in said(house.channel_card("P-1"))
        assert house.row(f"review:{new.id}:channel").error is None
    assert len(house.in_channel()) == 2


def test_a_person_who_was_deactivated(house: House) -> None:
    """Slack takes messages to them without a word; nobody would read them."""
    desk = house.desk()
    house.person(house.kenji, seen=timedelta(days=1))
    house.playground.change_person(house.kenji.id, deleted=True)
    for number in (1, 2):
        house.sent(desk, f"Post number {number}")
    with house.bot():
        house.check()
        kenji = house.person(house.kenji).id
        to_kenji = [row for row in house.rows() if row.person_id == kenji]
        assert [(row.state, row.error) for row in to_kenji] == [("failed", "user_disabled")] * 2
        assert house.states(Kind.UNREACHABLE) == [State.SENT]
        assert house.troubles() == []
        told = house.maya.wait_for_dm("can't be reached")
        assert "deactivated" in said(told)
        assert labels(told).count("Reassign") == 2


def test_a_card_that_may_not_be_changed_any_more_is_posted_anew(house: House) -> None:
    """Also when its review is over: that is what it is to tell."""
    review = house.sent(house.desk(Need.ANY))
    with house.bot():
        old = house.channel_card()
        house.check()
        house.playground.limits(edit_window_closed=True)
        approve(house, review)
        house.check()
        new = house.channel_card()
        assert new["ts"] != old["ts"]
        assert "Ines Ferrari approved" in said(new)
        assert "Approve" not in labels(new)
        assert len(house.in_channel()) == 2
        assert house.states(Kind.APPROVER_CARD) == [State.SENT] * 2
        assert house.troubles() == []
        # The old one's buttons are dead.
        assert house.kenji.click(old, "Approve")["acked"]
        house.kenji.wait_for_message(SOCIAL, "nothing left to decide")
    assert house.decided() == [(house.ines.id, "approve")]


def test_a_card_that_somebody_deleted_stays_away(house: House) -> None:
    review = house.sent(house.desk())
    with house.bot():
        card = house.channel_card()
        house.check()
        slack = WebClient(house.playground.bot_token, house.playground.api_url)
        slack.chat_delete(channel=SOCIAL, ts=card["ts"])
        approve(house, review)
        house.check()
    assert house.in_channel() == []
    assert house.troubles() == []
    assert len(house.playground.calls("chat.postMessage")) == 4
