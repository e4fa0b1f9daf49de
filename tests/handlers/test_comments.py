"""Comments from Open and from threads: where they are read, and who hears of them."""

import html
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread

import pytest
import sqlalchemy as sa

from handlers.courier import Courier
from storage.tables import messages
from tests.handlers.test_more import fill
from tests.handlers.world import PARTNERS, SOCIAL, World, is_card, opened, read, values
from tests.player import Json, Player, labels, wait_until

# What no message may turn into anything but what was typed.
HOSTILE = "<!channel> &lt;!here&gt; *b* _i_ `c` <b>x</b> \u202eabc :tada: @here \ufffd"
SHOWN = html.unescape(HOSTILE)  # as `read` reads it


def write(world: World, who: Player, card: Json, text: str, *tell: Player) -> Json:
    """Writes a comment from Open; the answer to the form."""
    world.open(who, card)
    view = opened(who)
    assert view is not None
    who.click_view(view, "Comment")
    form = who.wait_for_view("Comment")
    return who.submit(form, values(comment=text, mentions=[person.id for person in tell]))


def thread(who: Player, card: Json) -> list[Json]:
    """What everybody reads under a card."""
    listed = who.messages(card["channel"], card["ts"])
    return [m for m in listed if m["ts"] != card["ts"] and not m["ephemeral"]]


def private(who: Player, card: Json) -> list[Json]:
    """What this person alone reads in a card's thread."""
    return [m for m in who.messages(card["channel"], card["ts"]) if m["ephemeral"]]


@contextmanager
def ticking(world: World) -> Iterator[None]:
    """The timer's ticks, by which a courier looks again at what had to wait."""
    courier, over = Courier(world.store, world.clients, world.clock), Event()

    def tick() -> None:
        while not over.wait(0.05):
            courier.wake()

    ticks = Thread(target=tick)
    courier.start()
    ticks.start()
    try:
        yield
    finally:
        over.set()
        ticks.join()
        courier.stop(5)


def notices(world: World, who: Player, says: str) -> list[Json]:
    world.settle()
    return [m for m in who.dms() if says in read(m)]


def test_a_comment_from_open_is_read_in_the_thread_and_told_to_the_owner(world: World) -> None:
    world.set_up(world.ines)
    card = world.channel_card(world.draft(world.tom, send=True))
    write(world, world.kenji, card, "Shorter, please")
    world.told(world.kenji, SOCIAL, "Your comment on P-1 is in the thread of its card in #social.")
    assert world.kenji.views() == []
    world.settle()
    [copy] = thread(world.lea, card)
    assert read(copy) == "*Kenji Sato* commented in Open:\nShorter, please"
    [notice] = notices(world, world.tom, "commented on")
    assert read(notice).startswith("Kenji Sato commented on *P-1*")
    assert labels(notice) == ["Open"]
    assert notices(world, world.ines, "commented on") == []


def test_open_shows_the_latest_comments_and_history_them_all(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card = world.channel_card(code)
    for number in range(6):
        world.kenji.say(SOCIAL, f"Remark {number}.", thread_ts=card["ts"])
        told = partial(notices, world, world.tom, f"Remark {number}.")
        wait_until(told, "it is kept, before the next one")
    shown = read(world.open(world.lea, card))
    assert "Remark 0." not in shown
    assert "*Kenji Sato* commented on version 1" in shown
    world.lea.command(SOCIAL, f"/desk history {code}")
    record = read(world.lea.wait_for_view(f"History of {code}"))
    assert all(f"Remark {number}." in record for number in range(6))
    assert "*Kenji Sato* commented on version 1" in record


def test_who_is_called_hears_of_it_and_who_cannot_see_the_post_does_not(world: World) -> None:
    world.set_up(world.ines)
    card = world.channel_card(world.draft(world.tom, send=True))
    write(world, world.kenji, card, "What do you think?", world.lea, world.gil, world.kenji)
    answer = world.told(world.kenji, SOCIAL, "I tell Lea Brandt.")
    assert "Gil Navarro can't see this post, so I don't tell them." in read(answer)
    [notice] = notices(world, world.lea, "mentioned you in a comment on *P-1*")
    assert "What do you think?" in read(notice)
    assert world.gil.dms() == []


def test_a_comment_from_a_direct_card_is_one_conversation(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    mine, card = world.dm_card(world.ines, code), world.channel_card(code)
    world.ines.say(mine["channel"], "Is *this* the <https://a.example|page>? @Lea", mine["ts"])
    world.ines.wait_for_message(mine["channel"], "copy them to the thread", thread_ts=mine["ts"])
    world.ines.say(mine["channel"], "And the picture?", mine["ts"])
    wait_until(lambda: len(thread(world.lea, card)) == 2, "both are copied")
    first, second = map(read, thread(world.lea, card))
    assert first.startswith("*Ines Ferrari* commented in direct messages:")
    assert "Lea Brandt" in first
    assert second.endswith("And the picture?")
    assert len(thread(world.ines, mine)) == 3, "what becomes of replies is said once"
    assert len(notices(world, world.tom, "commented on")) == 2
    assert len(notices(world, world.lea, "mentioned you")) == 1


def test_the_owner_answers_under_the_notice(world: World) -> None:
    world.set_up(world.ines)
    card = world.channel_card(world.draft(world.tom, send=True))
    write(world, world.kenji, card, "Shorter, please")
    [notice] = notices(world, world.tom, "commented on")
    world.tom.say(notice["channel"], "It is short", notice["ts"])
    wait_until(lambda: len(thread(world.kenji, card)) == 2, "the answer is copied")
    assert "*Tom Lindqvist* commented in direct messages:" in read(thread(world.kenji, card)[1])
    assert notices(world, world.tom, "Tom Lindqvist commented on") == []


def test_a_reply_in_the_channel_is_a_comment_and_is_not_copied(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card = world.channel_card(code)
    world.kenji.say(SOCIAL, "@Lea what do you think?", card["ts"])
    [notice] = wait_until(lambda: notices(world, world.tom, "commented on"), "Tom is told")
    assert "In the thread of its card" in read(notice)
    assert len(thread(world.lea, card)) == 1
    assert notices(world, world.lea, "mentioned you") == [], "Slack itself has told her"
    world.tom.say(SOCIAL, "Well?", card["ts"])
    wait_until(lambda: "Well?" in read(world.open(world.lea, card)), "he said something too")
    world.kenji.say(SOCIAL, "Yes: shorter", card["ts"])
    wait_until(lambda: "Yes: shorter" in read(world.open(world.lea, card)), "it is kept")
    assert len(notices(world, world.tom, "commented on")) == 1, "he follows the thread by now"


def test_the_same_event_again_keeps_it_once(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card, mine = world.channel_card(code), world.dm_card(world.ines, code)
    world.kenji.say(SOCIAL, "Only once", card["ts"])
    wait_until(lambda: notices(world, world.tom, "Only once"), "Tom is told")
    world.again("event message", f"'user': '{world.kenji.id}'")
    world.ines.say(mine["channel"], "Yes", mine["ts"])
    world.ines.wait_for_message(mine["channel"], "That sounds like a yes", thread_ts=mine["ts"])
    world.again("event message", f"'user': '{world.ines.id}'")
    assert len(notices(world, world.tom, "Only once")) == 1
    assert read(world.open(world.lea, card)).count("Only once") == 1
    assert len(thread(world.ines, mine)) == 2


def shown_early(world: World, who: Player, place: str) -> Json:
    """The card of P-1, which Slack shows while the bot still waits for the answer to its call."""
    for _ in range(4):  # the owner's, the channel's, and one for each approver
        world.playground.hold("chat.postMessage", "after")
    world.tom.command(SOCIAL, "/draft Plans")
    form = world.tom.wait_for_view("New draft")
    world.tom.submit(form, {"when_saved": {"when_saved": "send"}})

    def card() -> Json | None:
        shown = who.messages(SOCIAL) if place == "channel" else who.dms()
        return next((message for message in shown if "P-1" in read(message)), None)

    return wait_until(card, "Slack has the card")


def comes_again(world: World, event: str, sign: str, act: Callable[[], object]) -> None:
    """The bot doesn't acknowledge the event that this brings about, which has this `sign`, then
    hears what it waited for, and is sent it again."""
    slack = world.playground
    unanswered = f"no ack event {event}"
    world.forgiven.append(unanswered)
    slack.limits(ack_seconds=0.5)
    act()
    wait_until(
        lambda: any(unanswered in problem for problem in slack.problems()), "it is not acknowledged"
    )
    (sent,) = [entry for entry in slack.log() if sign in str(entry["detail"].get("payload"))]
    slack.limits(ack_seconds=10)
    slack.release()
    world.settle()
    retry = {"retry_attempt": 1, "retry_reason": "timeout"}
    assert slack.redeliver(sent["detail"]["envelope_id"], **retry)["acked"]


@pytest.mark.parametrize("place", ["channel", "direct"])
def test_a_reply_to_a_card_of_which_slack_hasnt_told_us_is_not_lost(
    world: World, place: str
) -> None:
    """People see the card and answer, while the bot still waits for the reply to its call."""
    world.set_up(world.ines)
    card = shown_early(world, world.ines, place)
    reply = partial(world.ines.say, card["channel"], "Shorter, please", card["ts"])
    comes_again(world, "message", "Shorter, please", reply)
    world.open(world.tom, world.channel_card("P-1"))
    view = opened(world.tom)
    assert view is not None
    assert "Shorter, please" in read(view)


def test_a_form_that_is_submitted_twice_keeps_it_once(world: World) -> None:
    world.set_up(world.ines)
    card = world.channel_card(world.draft(world.tom, send=True))
    write(world, world.kenji, card, "Only once")
    world.again("submit comment:write:submit")
    assert len(thread(world.lea, card)) == 1
    assert len(notices(world, world.tom, "Only once")) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n ", "Write what you want to say about the post."),
    ],
)
def test_what_is_no_comment_is_said_at_its_field(world: World, text: str, sentence: str) -> None:
    world.set_up(world.ines)
    card = world.channel_card(world.draft(world.tom, send=True))
    refused = write(world, world.kenji, card, text, world.lea)
    assert refused["errors"] == {"comment": sentence}


def test_a_long_reply_is_kept_as_far_as_a_comment_goes(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    mine, card = world.dm_card(world.ines, code), world.channel_card(code)
    world.ines.say(mine["channel"], "ab " * 2000, mine["ts"])
    [copy] = wait_until(lambda: thread(world.lea, card), "it is copied")
    said = read(copy).split("\n", 1)[1]
    assert len(said) <= 3000
    assert said.endswith("…")


def test_whatever_is_typed_is_shown_as_typed(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card = world.channel_card(code)
    write(world, world.kenji, card, HOSTILE + "\0\ud83d")
    world.settle()
    [copy] = thread(world.lea, card)
    assert read(copy).endswith(SHOWN + "\ufffd\ufffd")
    assert copy["blocks"][1]["elements"][0]["elements"][0]["text"].startswith(HOSTILE)
    [notice] = notices(world, world.tom, "commented on")
    assert SHOWN in read(notice)
    assert SHOWN in read(world.open(world.lea, card))
    mine = world.dm_card(world.ines, code)
    world.ines.say(mine["channel"], "@here <!channel> &lt;!here&gt; " + "🎉" * 900, mine["ts"])
    wait_until(lambda: len(thread(world.lea, card)) == 2, "it is copied")
    world.open(world.lea, card)


def test_a_comment_on_a_cancelled_post_is_kept_and_says_so(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card = world.channel_card(code)
    shown = world.open(world.tom, world.dm_card(world.tom, code))
    world.tom.click_view(shown, "Cancel post")
    world.settle()
    world.tom.close(world.tom.views()[-1], clear=True)
    write(world, world.kenji, card, "What a pity")
    sentence = "P-1 is cancelled: nothing happens with it until somebody restores it, in Open."
    world.told(world.kenji, SOCIAL, sentence)
    assert len(notices(world, world.tom, "What a pity")) == 1
    world.lea.say(SOCIAL, "Why?", card["ts"])
    wait_until(lambda: sentence in str(private(world.lea, card)), "Lea is told in the thread")
    mine = world.dm_card(world.ines, code)
    world.ines.say(mine["channel"], "I liked it", mine["ts"])
    wait_until(lambda: sentence in str(thread(world.ines, mine)), "Ines is told under her card")


def test_a_draft_is_talked_about_by_its_owner_and_the_managers(world: World) -> None:
    world.set_up(world.ines)
    card = world.dm_card(world.tom, world.draft(world.tom))
    write(world, world.tom, card, "Not ready yet", world.maya, world.kenji)
    answer = world.told(world.tom, world.tom.direct(), "Your comment is kept with P-1.")
    assert "I tell Maya Okafor. Kenji Sato can't see this post" in read(answer)
    assert len(notices(world, world.maya, "mentioned you")) == 1
    assert not any(is_card(m, "P-1") for m in world.tom.messages(SOCIAL))


def test_who_sees_nothing_of_a_desk_cannot_comment(world: World) -> None:
    world.set_up(world.ines, channel=PARTNERS)
    world.draft(world.ines, channel=PARTNERS)
    forged = world.plant(SOCIAL, "comment:write", "1")
    world.kenji.click(forged, "Open")
    world.told(world.kenji, SOCIAL, "There is no P-1 that you can see here.")
    assert world.kenji.view() is None


def test_other_talk_is_none_of_our_business(world: World) -> None:
    """No call to Slack, and nothing kept, for what people say elsewhere."""
    world.set_up(world.ines)
    card = world.channel_card(world.draft(world.tom, send=True))
    chat = world.lea.say(SOCIAL, "Lunch?")
    before = len(world.playground.calls())
    world.kenji.say(SOCIAL, "Yes", thread_ts=chat)
    world.kenji.say(SOCIAL, "LGTM")
    world.kenji.react(next(m for m in world.kenji.messages(SOCIAL) if m["ts"] == chat), "+1")
    world.kenji.react(card, "eyes")
    world.client.chat_postMessage(channel=SOCIAL, text="From the bot", thread_ts=card["ts"])
    world.again("event reaction_added")
    assert [call["method"] for call in world.playground.calls()[before:]] == ["chat.postMessage"]
    assert "commented" not in read(world.open(world.lea, card))


def test_a_reply_under_something_else_of_ours_gets_help(world: World) -> None:
    direct = world.tom.direct()
    world.tom.say(direct, "hello?")
    helped = world.tom.wait_for_dm("What Copydesk can do")
    world.tom.say(direct, "in the thread?", helped["ts"])
    wait_until(lambda: len(notices(world, world.tom, "Turn into a draft")) == 2, "help again")


def test_without_the_scopes_a_reply_is_not_heard_and_the_rest_works(world: World) -> None:
    world.playground.grant(
        "chat:write", "commands", "users:read", "channels:read", "groups:read", "im:history",
        "im:write",
    )  # fmt: skip
    world.set_up(world.ines)
    card = world.channel_card(world.draft(world.tom, send=True))
    world.kenji.say(SOCIAL, "LGTM", card["ts"])
    write(world, world.kenji, card, "Heard")
    world.settle()
    assert len(notices(world, world.tom, "commented on")) == 1


def test_a_copy_whose_answer_was_lost_is_found_in_its_thread(world: World) -> None:
    world.set_up(world.ines)
    card = world.channel_card(world.draft(world.tom, send=True))
    world.kenji.say(SOCIAL, "In the thread", card["ts"])
    wait_until(lambda: notices(world, world.tom, "In the thread"), "Tom is told")
    world.tom.say(SOCIAL, "He follows it now", card["ts"])
    wait_until(lambda: "He follows" in read(world.open(world.lea, card)), "it is kept")
    world.playground.fault("chat.postMessage", "lost_reply", count=1)
    write(world, world.kenji, card, "Once, whatever happens")
    with ticking(world):
        world.settle()
    [looked] = world.playground.calls("conversations.replies")
    assert looked["args"]["ts"] == card["ts"]
    assert sum("Once, whatever happens" in read(m) for m in thread(world.lea, card)) == 1


def test_a_copy_waits_for_the_card_that_it_belongs_to(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card, mine = world.channel_card(code), world.dm_card(world.ines, code)
    change = messages.update().filter_by(key="review:1:channel")
    with world.store.write() as tx:
        tx.execute(change.values(state="waiting", posted_ts=None, pending=False))
    write(world, world.ines, mine, "Too early")
    copy = sa.select(messages.c.error, messages.c.state).filter_by(kind="comment")

    def waits() -> bool:
        with world.store.read() as tx:
            return tx.execute(copy).all() == [("its thread isn't there yet", "waiting")]

    wait_until(waits, "the copy waits")
    assert thread(world.lea, card) == []
    with world.store.write() as tx:
        tx.execute(change.values(state="sent", posted_ts=card["ts"]))
    with ticking(world):
        world.settle()
    assert "Too early" in read(thread(world.lea, card)[0])


def test_a_thread_whose_card_was_deleted_gets_no_copies(world: World) -> None:
    world.forgiven.append("message_not_found")
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card = world.channel_card(code)
    mine = world.dm_card(world.ines, code)
    world.client.chat_delete(channel=SOCIAL, ts=card["ts"])
    world.edit(world.tom, world.dm_card(world.tom, code), publish_at=1_900_000_000)
    world.settle()
    write(world, world.ines, mine, "Where is it?")
    world.told(world.ines, mine["channel"], "Your comment is kept with P-1.")
    assert len(notices(world, world.tom, "Where is it?")) == 1


def test_what_is_answered_to_a_card_that_was_posted_anew_is_a_comment(world: World) -> None:
    """Where a workspace lets nobody change a message for long, each change of a card is a new one,
    and people go on talking below the one where they began."""
    world.forgiven.append("edit_window_closed")
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    old, mine = world.channel_card(code), world.dm_card(world.ines, code)
    world.playground.limits(edit_window_closed=True)
    world.ines.click(mine, "Approve")
    with ticking(world):
        wait_until(lambda: world.channel_card(code)["ts"] != old["ts"], "it is posted anew")
        wait_until(lambda: world.dm_card(world.ines, code)["ts"] != mine["ts"], "and the other")
        world.kenji.say(SOCIAL, "Below the old one", old["ts"])
        wait_until(lambda: notices(world, world.tom, "Below the old one"), "Tom is told")
        world.ines.say(mine["channel"], "From me too", mine["ts"])
        wait_until(lambda: notices(world, world.tom, "From me too"), "Tom is told")
        answered = wait_until(lambda: thread(world.ines, mine)[1:], "Ines is answered")
    assert "I keep what you write here as comments" in read(answered[0])


def test_who_handed_a_draft_over_is_told_that_a_reply_reaches_nobody(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom)
    card = world.dm_card(world.tom, code)
    fill(world, world.tom, card, "Hand over", owner=world.lea.id)
    world.settle()
    for text in ("The photo is in Drive", "Do you read this?"):
        world.tom.say(card["channel"], text, card["ts"])
    wait_until(lambda: len(thread(world.tom, card)) >= 3, "Tom is answered")
    world.settle()
    answers = [read(m) for m in thread(world.tom, card) if "reaches nobody" in read(m)]
    assert len(answers) == 1
    assert answers[0].startswith("You can't see P-1 any more")
    assert "photo" not in str(world.lea.dms())
