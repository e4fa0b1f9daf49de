"""Turn into a draft: any message becomes the text of a new one."""

from tests.handlers.world import BRAND, GENERAL, PARTNERS, SOCIAL, World, read, values
from tests.player import Json, Player, fields, wait_until

SHORTCUT = "draft:from_message"


def start(who: Player, channel: str, says: str) -> Json:
    message = next(m for m in who.messages(channel) if says in m["text"])
    who.shortcut(SHORTCUT, message)
    return who.wait_for_view("New draft")


def text_in(form: Json) -> str:
    return str(fields(form)["Text"].get("initial_value", ""))


def test_slacks_text_becomes_what_a_network_takes(world: World) -> None:
    world.set_up(world.ines)
    form = start(world.tom, SOCIAL, "Idea for a post")
    assert text_in(form) == (
        "Idea for a post: Spring in a cup is back 🍵 First harvest, picked by hand & dried in small"
        " batches. More on our spring page https://larkfield.example/spring. Lea Brandt, do we"
        " have a picture?"
    )
    assert "Desk" not in fields(form)


def test_the_draft_links_back_to_its_message(world: World) -> None:
    world.set_up(world.ines)
    form = start(world.tom, SOCIAL, "Good morning")
    world.tom.submit(form)
    message = next(m for m in world.tom.messages(SOCIAL) if "Good morning" in m["text"])
    card = world.dm_card(world.tom, "P-1")
    address = f"archives/{SOCIAL}/p{message['ts'].replace('.', '')}|this message>"
    assert address in read(card)
    assert address in read(world.open(world.tom, card))


def test_outside_a_desk_it_asks_which(world: World) -> None:
    world.set_up(world.ines)
    world.set_up(world.ines, channel=PARTNERS, networks=("bluesky",))
    form = start(world.maya, GENERAL, "Welcome to Larkfield")
    desks = {o["text"]["text"]: o["value"] for o in fields(form)["Desk"]["options"]}
    assert set(desks) == {"#social", "#partners"}
    chosen = values(desk=desks["#partners"], networks=["x"])
    refused = world.maya.submit(form, chosen)
    assert refused["errors"]["networks"].startswith("This desk doesn't publish on X.")
    chosen = values(desk=desks["#partners"], networks=["bluesky"], when_saved="send")
    world.maya.submit(form, chosen)
    world.told(world.maya, GENERAL, "P-1 is sent for approval to its approver.")
    assert "In review" in read(world.channel_card("P-1", PARTNERS))


def test_only_desks_of_ones_own_channels_are_offered(world: World) -> None:
    world.set_up(world.ines)
    world.set_up(world.ines, channel=PARTNERS)
    form = start(world.lea, GENERAL, "Welcome to Larkfield")
    assert [o["text"]["text"] for o in fields(form)["Desk"]["options"]] == ["#social"]


def test_without_any_desk_it_says_what_to_do(world: World) -> None:
    message = world.tom.messages(GENERAL)[0]
    world.tom.shortcut(SHORTCUT, message)
    world.told(world.tom, GENERAL, "None of your channels has a desk yet.")
    assert world.tom.view() is None


def test_in_a_private_channel_without_the_bot_there_is_no_link(world: World) -> None:
    world.forgiven.append("channel_not_found")
    world.set_up(world.ines)
    form = start(world.ines, BRAND, "Draft of the new logo")
    world.ines.submit(form, values(desk=fields(form)["Desk"]["options"][0]["value"]))
    world.told(world.ines, BRAND, "P-1 is saved.")
    assert "this message" not in read(world.dm_card(world.ines, "P-1"))


def test_a_desk_that_sleeps_is_not_offered(world: World) -> None:
    world.set_up(world.ines)
    world.maya.remove(SOCIAL)
    world.maya.wait_for_dm("its desk sleeps")
    world.tom.shortcut(SHORTCUT, world.tom.messages(SOCIAL)[0])
    world.told(world.tom, SOCIAL, "None of your channels has a desk yet.")


def test_people_whom_slack_does_not_know_keep_their_id(world: World) -> None:
    world.forgiven.append("user_not_found")
    world.set_up(world.ines)
    world.client.chat_postMessage(channel=SOCIAL, text="Thanks <@U0GONE> and <@U0LEA>")
    form = start(world.tom, SOCIAL, "Thanks")
    assert text_in(form) == "Thanks U0GONE and Lea Brandt"


def test_a_long_message_is_cut_and_the_form_says_so(world: World) -> None:
    world.set_up(world.ines)
    world.tom.say(SOCIAL, "b" * 3500)
    form = start(world.tom, SOCIAL, "bbbb")
    assert text_in(form) == "b" * 3000
    assert "its end was cut" in read(form)


def test_a_message_to_the_bot_becomes_a_draft_too(world: World) -> None:
    world.set_up(world.ines)
    world.tom.say(world.tom.direct(), "An idea at night")
    wait_until(lambda: len(world.tom.dms()) == 2, "help answers")
    form = start(world.tom, world.tom.direct(), "An idea at night")
    world.tom.submit(form)
    world.told(world.tom, world.tom.direct(), "P-1 is saved.")
