"""`/desk history P-12`."""

import pytest

from operations import holds, people
from tests.handlers.world import MONDAY, SOCIAL, TOMORROW, World, read
from tests.player import Json, Player, labels, wait_until


def history(who: Player, code: str, channel: str = SOCIAL) -> Json:
    who.command(channel, f"/desk history {code}")
    return who.wait_for_view(f"History of {code}")


def test_the_history_tells_everything_in_order(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "First & <b>", send=True)
    world.say_no(world.ines, world.dm_card(world.ines, code), "Request changes", "Shorter, please")
    world.settle()
    card = world.dm_card(world.tom, code)
    world.edit(world.tom, card, text="Short", publish_at=TOMORROW, when_saved="send")
    world.settle()
    world.ines.click(world.dm_card(world.ines, code), "Approve")
    sheet = world.open(world.ines, world.channel_card(code))
    world.ines.click_view(sheet, "Undo my decision")
    world.settle()
    world.edit(world.tom, world.dm_card(world.tom, code), text="Shortest")

    shown = read(history(world.kenji, code))
    told = [
        "Tom Lindqvist* wrote version 1",
        "First & <b>",
        "Tom Lindqvist* sent version 1 for approval",
        "Ines Ferrari* asked for changes to version 1",
        "Shorter, please",
        "Tom Lindqvist* wrote version 2",
        "Tom Lindqvist* sent version 2 for approval",
        "Ines Ferrari* approved version 2",
        "Ines Ferrari* took back that they approved version 2",
        "Tom Lindqvist* wrote version 3",
        "Shortest",
        "ended the review of version 2",
    ]
    places = [shown.index(line) for line in told]
    assert places == sorted(places)
    assert shown.count("<!date^") >= 9


@pytest.mark.parametrize("typed", ["P-1", "p-1", "1", "p1", " P-1 "])
def test_a_post_is_named_as_people_do(world: World, typed: str) -> None:
    world.set_up(world.ines)
    world.draft(world.tom)
    world.tom.command(SOCIAL, f"/desk history {typed}")
    world.tom.wait_for_view("History of P-1")


def test_without_a_code_it_says_how_to_name_a_post(world: World) -> None:
    world.set_up(world.ines)
    for typed in ("", "the last one", "P-", "-1", "P-1x", "<!channel>", "9" * 40):
        world.tom.command(SOCIAL, f"/desk history {typed}")
    world.told(world.tom, SOCIAL, "Say which post, by the code on its card: /desk history P-12.")
    world.tom.command(SOCIAL, "/desk history P-77")
    world.told(world.tom, SOCIAL, "There is no P-77 that you can see here.")
    private = [read(m) for m in world.tom.messages(SOCIAL) if m["ephemeral"]]
    assert not any("went wrong" in said for said in private)


def test_a_drafts_history_is_private_too(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom)
    world.kenji.command(SOCIAL, "/desk history P-1")
    world.told(world.kenji, SOCIAL, "There is no P-1 that you can see here.")


def test_the_button_history_opens_over_open(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom)
    sheet = world.open(world.tom, world.dm_card(world.tom, code))
    world.tom.click_view(sheet, "History")
    world.tom.wait_for_view("History of P-1")
    assert len(world.tom.views()) == 2


def test_a_long_history_is_read_page_by_page(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "The first words")
    tom = people.remembered(world.store, world.client.auth_test()["team_id"], world.tom.id)
    assert tom is not None
    card = world.dm_card(world.tom, code)
    for number in range(21):
        holds.hold(world.store, tom, 1, f"Reason {number};", MONDAY)
        holds.take_off_hold(world.store, tom, 1, MONDAY)
    world.tom.click_view(world.open(world.tom, card), "History")
    view = world.tom.wait_for_view("History of P-1")
    assert labels(view) == ["Older"]
    assert "Reason 20;" in read(view)
    assert "Reason 10;" not in read(view)

    seen = [view]
    for turn in ("Older", "Older", "Newer"):
        world.tom.click_view(view, turn)
        view = wait_until(lambda: shown(world.tom, seen[-1]), f"{turn} turns the page")
        seen.append(view)
    assert [labels(view) for view in seen] == [
        ["Older"],
        ["Older", "Newer"],
        ["Newer"],
        ["Older", "Newer"],
    ]
    assert "Reason 10;" in read(seen[1])
    assert "The first words" in read(seen[2])
    assert read(seen[3]) == read(seen[1])
    assert len(world.tom.views()) == 2


def shown(who: Player, before: Json) -> Json | None:
    view = who.view()
    return view if view and view["hash"] != before["hash"] else None
