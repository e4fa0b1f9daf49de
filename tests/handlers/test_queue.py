"""`/desk queue`: what waits for me, dealt with one after the other."""

from tests.handlers.world import GENERAL, SOCIAL, World, opened, read
from tests.player import Json, Player, labels, wait_until

TITLE = "Waits for you"


def open_queue(who: Player, channel: str = SOCIAL) -> Json:
    who.command(channel, "/desk queue")
    return who.wait_for_view(TITLE)


def shows(who: Player, says: str) -> Json:
    """The queue, once it says this."""

    def on_top() -> Json | None:
        view = who.view()
        return (
            view if view and view["callback_id"] == "review:queue" and says in read(view) else None
        )

    return wait_until(on_top, f"the queue says “{says}”")


def test_it_is_what_waits_for_me(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    assert "Nothing waits for you." in read(open_queue(world.tom))
    first = world.draft(world.tom, "One & only", send=True)
    world.draft(world.lea, "Two", send=True)
    world.draft(world.ines, "Mine", send=True)
    world.draft(world.tom, "Not sent")

    queue = open_queue(world.ines, world.ines.direct())
    assert labels(queue) == ["Approve", "Open"] * 2
    shown = read(queue)
    assert "2 posts wait for you, oldest first." in shown
    assert shown.index("One & only") < shown.index("Two")
    assert "*P-1* by Tom Lindqvist in <#C0SOCIAL>" in shown

    world.ines.close(queue)
    world.ines.click(world.dm_card(world.ines, first), "Approve")
    world.settle()
    assert "One post waits for you." in read(open_queue(world.ines))


def test_five_posts_in_five_taps(world: World) -> None:
    world.set_up(world.ines)
    for number in range(1, 6):
        world.draft(world.tom, f"Number {number}", send=True)
    queue = open_queue(world.ines)
    said = ["4 posts wait", "3 posts wait", "2 posts wait", "One post waits", "Nothing waits"]
    for left in said:
        world.ines.click_view(queue, "Approve")
        queue = shows(world.ines, f"{left} for you")
    assert labels(queue) == []
    assert len(world.ines.views()) == 1
    for number in range(1, 6):
        assert "Approved" in read(world.channel_card(f"P-{number}"))


def test_a_long_queue_shows_nine_and_then_the_next(world: World) -> None:
    world.set_up(world.ines)
    for number in range(1, 12):
        world.draft(world.tom, f"Number {number} " + "🎉" * 200, send=True, networks=["linkedin"])
    queue = open_queue(world.ines, GENERAL)
    assert "More than 9 posts wait for you, oldest first." in read(queue)
    assert labels(queue) == ["Approve", "Open"] * 9
    assert "Number 10" not in read(queue)
    world.ines.click_view(queue, "Approve")
    queue = shows(world.ines, "Number 10")
    assert "Number 1 " not in read(queue)
    world.ines.click_view(queue, "Approve")
    assert shows(world.ines, "Number 11")["blocks"][0]["text"]["text"].startswith("9 posts wait")


def test_somebody_else_was_faster(world: World) -> None:
    world.set_up(world.ines, world.kenji)
    first = world.draft(world.tom, "One", send=True)
    world.draft(world.tom, "Two", send=True)
    queue = open_queue(world.ines)
    world.kenji.click(world.dm_card(world.kenji, first), "Approve")
    world.settle()
    world.ines.click_view(queue, "Approve")
    note = world.noted(world.ines, "Kenji Sato approved this on Mon 04 Mar, 10:00")
    under = wait_until(
        lambda: next((v for v in world.ines.views() if "One post waits" in read(v)), None),
        "the queue under the note is as it is now",
    )
    world.ines.close(note)
    world.ines.click_view(under, "Approve")
    shows(world.ines, "Nothing waits for you.")


def test_a_newer_version_is_not_approved_by_the_old_line(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "One", send=True)
    queue = open_queue(world.ines)
    world.edit(world.tom, world.dm_card(world.tom, code), text="Other", when_saved="send")
    world.settle()
    world.ines.click_view(queue, "Approve")
    note = world.noted(world.ines, "This is version 1, and there is a version 2 by now.")
    world.ines.close(note)
    queue = shows(world.ines, "Other")
    world.ines.click_view(queue, "Approve")
    shows(world.ines, "Nothing waits for you.")


def test_a_yes_in_open_is_seen_in_the_queue_under_it(world: World) -> None:
    world.set_up(world.ines)
    for text in ("One", "Two"):
        world.draft(world.tom, text, send=True)
    world.ines.click_view(open_queue(world.ines), "Open")
    sheet = wait_until(lambda: opened(world.ines), "Open shows the post")
    world.ines.click_view(sheet, "Approve")
    wait_until(lambda: "Undo my decision" in str(opened(world.ines)), "Open shows it")

    def under() -> str:
        return read(world.ines.views()[0])

    wait_until(lambda: "One post waits for you." in under(), "the queue has one less")
    world.ines.click_view(opened(world.ines) or {}, "Undo my decision")
    wait_until(lambda: "2 posts wait for you" in under(), "the queue has it again")


def test_the_queue_of_somebody_who_is_asked_no_more(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, "One", send=True)
    queue = open_queue(world.ines)
    world.edit(world.tom, world.dm_card(world.tom, code), text="Other", when_saved="keep")
    world.settle()
    world.ines.click_view(queue, "Approve")
    world.noted(world.ines, "this version was edited" if False else "version")
    wait_until(
        lambda: [view for view in world.ines.views() if "Nothing waits for you." in read(view)],
        "the queue is empty",
    )


def pictured(shown: Json) -> list[str]:
    return [block["alt_text"] for block in shown["blocks"] if block["type"] == "image"]


def test_each_post_shows_its_picture_until_it_is_gone(world: World) -> None:
    world.forgiven += ["invalid_blocks", "invalid_arguments"]
    world.set_up(world.ines)
    tea, cup = world.tom.upload("tea.png", alt="A pot"), world.tom.upload("cup.png", alt="A cup")
    world.draft(world.tom, "Tea", send=True, files=[tea, cup])
    world.draft(world.tom, "Plain", send=True)
    queue = open_queue(world.ines)
    assert pictured(queue) == ["A pot"]
    assert "In Open: one more attachment" in read(queue)
    world.ines.close(queue)
    world.tom.delete_file(tea)
    queue = open_queue(world.ines)
    assert pictured(queue) == []
    assert "A pot (no longer in Slack)" in read(queue)
    world.ines.click_view(queue, "Approve")
    shows(world.ines, "One post waits for you.")
