"""Events: which the app gets, with which scope, from which channels, in which shape.

Source, unless a test names another: docs.slack.dev/apis/events-api and the page of each event under
docs.slack.dev/reference/events.
"""

from tests.player import MANIFEST, Player, Playground, wait_until
from tests.playground.conftest import BesideTheTest
from tests.playground.raw import RawApp, call


def heard(playground: Playground) -> list[str]:
    return [entry["name"] for entry in playground.log() if entry["direction"] == "in"]


def test_a_direct_message_is_heard(raw: RawApp, maya: Player) -> None:
    maya.say("D0MAYA", "hello & <b>")
    envelope = raw.receive()
    raw.ack(envelope)
    payload = envelope["payload"]
    assert envelope["type"] == payload["type"].replace("event_callback", "events_api")
    assert payload["event_id"].startswith("Ev")
    assert payload["authorizations"][0]["is_bot"]
    event = payload["event"]
    assert (event["type"], event["channel_type"], event["user"]) == ("message", "im", "U0MAYA")
    assert event["text"] == "hello &amp; &lt;b&gt;"
    assert event["blocks"][0]["type"] == "rich_text"


def test_the_apps_own_messages_and_changes_are_heard_too(
    raw: RawApp, playground: Playground
) -> None:
    """Source: docs.slack.dev/reference/events/message/message_changed (`hidden`)."""
    ts = call(playground, "chat.postMessage", channel="U0MAYA", text="a")["ts"]
    assert raw.event()["bot_id"]
    call(playground, "chat.update", channel="D0MAYA", ts=ts, text="b")
    changed = raw.event()
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("a", "b")
    call(playground, "chat.delete", channel="D0MAYA", ts=ts)
    assert raw.event()["deleted_ts"] == ts


def test_without_the_scope_nothing_is_heard(
    raw: RawApp, maya: Player, playground: Playground
) -> None:
    playground.grant("commands")
    maya.say("D0MAYA", "hello")
    raw.trigger(maya)
    assert heard(playground) == ["/desk"]


def test_what_is_not_subscribed_is_not_heard(
    raw: RawApp, maya: Player, playground: Playground
) -> None:
    maya.say("C0SOCIAL", "hello")
    maya.react(maya.messages("C0SOCIAL")[-1], "tea")
    raw.trigger(maya)
    assert heard(playground) == ["/desk"]


def test_being_added_names_the_inviter(raw: RawApp, maya: Player, playground: Playground) -> None:
    maya.invite("C0GENERAL")
    event = raw.event()
    assert event["type"] == "member_joined_channel"
    assert event["user"] == playground.workspace()["people"][-1]["id"]
    assert (event["inviter"], event["channel_type"]) == ("U0MAYA", "C")


def test_others_who_join_are_heard_of_where_the_app_is(
    raw: RawApp, playground: Playground, maya: Player
) -> None:
    kenji = playground.player("U0KENJI")
    kenji.invite("C0PARTNERS", "U0KENJI")
    event = raw.event()
    assert event["user"] == "U0KENJI"
    assert "inviter" not in event
    maya.invite("C0BRAND", "U0TOM")
    raw.trigger(maya)
    assert len(heard(playground)) == 2, "nothing was heard of the private channel"


def test_its_own_removal_has_an_event_of_its_own(raw: RawApp, maya: Player) -> None:
    maya.remove("C0SOCIAL")
    event = raw.event()
    assert (event["type"], event["channel"]) == ("channel_left", "C0SOCIAL")
    maya.invite("C0BRAND")
    assert raw.event()["channel_type"] == "G"
    maya.remove("C0BRAND")
    assert raw.event()["type"] == "group_left"


def test_a_mention_and_a_profile_change(home_playground: Playground) -> None:
    """Another manifest, which subscribes to them."""
    maya = home_playground.player("U0MAYA")
    with RawApp(home_playground) as raw:
        maya.say("C0SOCIAL", "@Tester help")
        assert raw.event()["type"] == "app_mention"
        home_playground.change_person("U0TOM", tz="Europe/Oslo")
        changed = raw.event()
        assert (changed["type"], changed["user"]["tz"]) == ("user_change", "Europe/Oslo")
        maya.react(maya.messages("C0SOCIAL")[0], "tea")
        assert raw.event()["reaction"] == "tea"
        maya.archive("C0SOCIAL")
        assert raw.event()["type"] == "channel_archive"


def test_a_mention_looks_like_its_message(raw: RawApp, maya: Player) -> None:
    """Source: github.com/soxtoby/SlackNet pull request 69, a mention in a thread with a file."""
    first = maya.messages("C0SOCIAL")[0]
    maya.say("C0SOCIAL", "@Copydesk draft Tea & cake", first["ts"])
    event = raw.event()
    assert event["type"] == "app_mention"
    assert event["text"].endswith("> draft Tea &amp; cake")
    assert (event["thread_ts"], event["parent_user_id"]) == (first["ts"], "U0LEA")
    assert event["ts"] == event["event_ts"] == maya.messages("C0SOCIAL", first["ts"])[-1]["ts"]
    assert "subtype" not in event
    picture = maya.upload("cup.png", width=10, height=10)
    maya.share("C0SOCIAL", picture, text="@Copydesk draft")
    assert [file["id"] for file in raw.event()["files"]] == [picture]


def test_who_hears_messages_hears_a_mention_twice() -> None:
    """Source: github.com/slackapi/bolt-python issue 941."""
    with BesideTheTest(MANIFEST) as playground, RawApp(playground) as raw:
        playground.player("U0MAYA").say("C0SOCIAL", "@Copydesk help")
        both = [raw.receive(), raw.receive()]
        for envelope in both:
            raw.ack(envelope)
        assert {e["payload"]["event"]["type"] for e in both} == {"message", "app_mention"}
        assert len({e["payload"]["event_id"] for e in both}) == 2
        assert len({e["payload"]["event"]["ts"] for e in both}) == 1


def test_a_mention_needs_its_scope_and_is_none_in_direct_messages(
    raw: RawApp, maya: Player, playground: Playground
) -> None:
    maya.say("D0MAYA", "@Copydesk help")
    assert raw.event()["type"] == "message"
    playground.grant("commands")
    maya.say("C0SOCIAL", "@Copydesk help")
    raw.trigger(maya)
    assert heard(playground) == ["event message", "/desk"]


def test_who_mentions_an_app_that_is_not_there_may_invite_it(raw: RawApp, maya: Player) -> None:
    """Source: docs.slack.dev/reference/events/app_mention."""
    said = maya.say("C0GENERAL", "@Copydesk draft Tea")
    told = maya.messages("C0GENERAL")[-1]
    assert told["ephemeral"]
    assert "they are not in this channel" in told["text"]
    maya.invite("C0GENERAL")
    events = {event["type"]: event for event in (raw.event(), raw.event())}
    assert set(events) == {"member_joined_channel", "app_mention"}
    assert events["app_mention"]["ts"] == said


def test_an_event_nobody_takes_is_red(playground: Playground, maya: Player) -> None:
    maya.say("D0MAYA", "hello")
    wait_until(playground.problems, "the log says so")
