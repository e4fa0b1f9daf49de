"""Reminders in Slack: who is asked once more, what managers do, and a post at its time."""

from datetime import UTC, datetime, timedelta

import pytest

from operations import timetable
from storage.tables import messages
from tests.handlers.test_comments import ticking
from tests.handlers.world import SOCIAL, World, editing, opened, read, values
from tests.player import Json, Player, fields, labels, wait_until


def paris(day: int, clock: str) -> datetime:
    """A moment of March 2030, when Paris is an hour ahead; the 4th is the Monday that a world
    begins on, at 10:00."""
    hour, minute = clock.split(":")
    return datetime(2030, 3, day, int(hour) - 1, int(minute), tzinfo=UTC)


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def reminders(world: World, who: Player) -> Json:
    """The newest message of reminders to somebody, as it stands now."""
    world.settle()
    found = [m for m in who.dms() if "Reminders" in read(m) or "last reminders" in read(m)]
    assert found, [read(m) for m in who.dms()]
    return found[-1]


def direct(who: Player, says: str) -> list[Json]:
    return [message for message in who.dms() if says in read(message)]


def undecided(world: World, *approvers: Player, need: str = "any") -> Json:
    """What Maya is told on Tuesday at 11:00 of a post of Tom's that nobody decided on."""
    world.set_up(*approvers, need=need)
    world.draft(world.tom, send=True)
    world.tick(paris(5, "11:00"))
    return reminders(world, world.maya)


def test_an_approver_is_reminded_and_approves_with_one_click(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, send=True)
    world.tick(paris(4, "17:00"))
    told = reminders(world, world.ines)
    assert "P-1 by Tom Lindqvist" in read(told).replace("*", "")
    assert "Your decision is due" in read(told)
    assert labels(told) == ["Open", "Approve", "Snooze 1 hour", "Snooze until tomorrow"]
    assert "Reminder: P-1" in told["text"]
    assert "Reminded: Ines Ferrari" in read(world.dm_card(world.tom, "P-1"))
    assert "Reminded" not in read(world.channel_card("P-1"))

    world.ines.click(told, "Approve")
    world.settle()
    told = world.ines.again(told)
    assert "nothing of this waits for you any more" in read(told)
    assert labels(told) == ["Open"]
    assert "Reminded" not in read(world.dm_card(world.tom, "P-1"))


def test_a_snooze_is_confirmed_and_kept(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, send=True)
    world.tick(paris(4, "17:00"))
    told = reminders(world, world.ines)
    world.ines.click(told, "Snooze 1 hour")
    world.told(world.ines, world.ines.direct(), "come up again Mon 04 Mar, 18:00")
    world.settle()
    assert "You wanted these brought up again" in read(world.ines.again(told))
    world.ines.click(told, "Snooze until tomorrow")
    world.told(world.ines, world.ines.direct(), "come up again Tue 05 Mar, 09:00")
    world.tick(paris(4, "17:59"))
    assert len(direct(world.ines, "Reminders")) == 1
    world.tick(paris(5, "09:00"))
    assert len(direct(world.ines, "Reminders")) == 2


def test_a_manager_reminds_again(world: World) -> None:
    told = undecided(world, world.ines, world.kenji, need="all")
    assert "it waits for Ines Ferrari and Kenji Sato" in read(told)
    assert labels(told)[:4] == ["Open", "Remind again", "Reassign", "Approve instead"]
    world.clock.at = paris(5, "11:05")
    world.maya.click(told, "Remind again")
    # At 11:00 in Paris it is 19:00 in Tokyo.
    said = world.told(world.maya, world.maya.direct(), "Ines Ferrari is reminded.")
    assert "Kenji Sato is reminded when they work again, Wed 06 Mar, 01:00." in read(said)
    before = len(direct(world.ines, "Reminders"))
    world.tick(paris(5, "11:05"))
    assert len(direct(world.ines, "Reminders")) == before  # there was one in this quarter
    world.tick(paris(5, "11:15"))
    assert len(direct(world.ines, "Reminders")) == before + 1


def test_a_manager_reads_who_stands_in_for_whom(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    world.ines.command(SOCIAL, "/standup away until friday")
    world.ines.submit(world.ines.wait_for_view("Away"), values(cover=world.lea.id))
    world.kenji.command(SOCIAL, "/standup away until friday")
    world.kenji.submit(world.kenji.wait_for_view("Away"), {})
    world.draft(world.tom, send=True)
    world.tick(paris(5, "11:00"))
    told = reminders(world, world.maya)
    said = "it waits for Ines Ferrari (away, Lea Brandt covers) and Kenji Sato (away)"
    assert said in read(told)


def test_a_manager_asks_somebody_else(world: World) -> None:
    told = undecided(world, world.ines)
    world.maya.click(told, "Reassign")
    form = world.maya.wait_for_view("Reassign")
    assert "P-1, version 1, waits for Ines Ferrari" in read(form).replace("*", "")
    assert list(fields(form)) == ["Who decides instead?"]
    refused = world.maya.submit(form, values(approver=world.tom.id))
    assert "owns this post" in refused["errors"]["approver"]
    world.maya.submit(form, values(approver=world.kenji.id))
    world.told(world.maya, world.maya.direct(), "Kenji Sato is asked to decide on P-1 now")
    assert "Approve" in labels(world.dm_card(world.kenji, "P-1"))
    world.ines.wait_for_dm("Maya Okafor asked Kenji Sato to decide in the place of Ines Ferrari")
    assert "Approve" not in labels(world.dm_card(world.ines, "P-1"))
    world.ines.click(world.channel_card("P-1"), "Approve")
    world.told(world.ines, SOCIAL, "Only the approvers of step 1 can do this.")
    world.kenji.click(world.dm_card(world.kenji, "P-1"), "Approve")
    assert "Approved" in read(world.channel_card("P-1"))


def test_a_manager_approves_instead(world: World) -> None:
    told = undecided(world, world.ines)
    world.maya.click(told, "Approve instead")
    world.told(world.maya, world.maya.direct(), "You approved P-1 in the place of Ines Ferrari.")
    assert "Approved" in read(world.channel_card("P-1"))
    sheet = world.open(world.maya, world.channel_card("P-1"))
    world.maya.click_view(sheet, "History")
    history = read(world.maya.wait_for_view("History of P-1"))
    assert "asked Maya Okafor to decide in the place of Ines Ferrari" in history


def test_where_all_must_agree_it_is_asked_in_whose_place(world: World) -> None:
    told = undecided(world, world.ines, world.kenji, need="all")
    world.maya.click(told, "Approve instead")
    form = world.maya.wait_for_view("Approve instead")
    places = fields(form)["In whose place?"]["options"]
    assert [place["text"]["text"] for place in places] == ["Ines Ferrari", "Kenji Sato"]
    world.maya.submit(form, values(place=places[1]["value"]))
    said = "You approved P-1 in the place of Kenji Sato. It waits for others now."
    world.told(world.maya, world.maya.direct(), said)
    assert "Approve" in labels(world.dm_card(world.ines, "P-1"))


def test_in_open_a_manager_may_reassign(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, send=True)
    assert "Reassign" not in labels(world.open(world.tom, world.channel_card("P-1")))
    world.maya.click_view(world.open(world.maya, world.channel_card("P-1")), "Reassign")
    form = world.maya.wait_for_view("Reassign")
    world.maya.submit(form, values(approver=world.kenji.id))
    assert "Approve" in labels(world.dm_card(world.kenji, "P-1"))
    assert "Somebody else is asked instead of you" in read(world.dm_card(world.ines, "P-1"))


def test_who_left_is_told_with_what_waits_for_them(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, send=True)
    world.playground.change_person(world.ines.id, deleted=True)
    world.tick(paris(4, "23:00"))  # Slack is asked again about who wasn't seen for half a day
    world.tick(paris(5, "09:00"))
    world.settle()
    told = world.maya.wait_for_dm("Ines Ferrari")
    assert "can't be reached: that account is deactivated" in read(told).replace("*", "")
    world.maya.click(told, "Reassign")
    world.maya.submit(world.maya.wait_for_view("Reassign"), values(approver=world.kenji.id))
    world.settle()
    assert "waits for them any more" in read(world.maya.again(told))
    assert labels(world.maya.again(told)) == []


def test_a_missed_post_gets_a_new_time(world: World) -> None:
    world.set_up(world.ines)
    at = seconds(paris(5, "16:00"))
    world.draft(world.tom, send=True, publish_at=at)
    world.tick(paris(5, "16:00"))
    assert "Missed" in read(world.channel_card("P-1"))
    assert "Was to go out" in read(world.channel_card("P-1"))
    assert "Approve" in labels(world.channel_card("P-1"))
    told = reminders(world, world.tom)
    assert "isn't approved" in read(told)
    assert labels(told)[:3] == ["Open", "New time", "Cancel post"]
    on_mayas_screen = reminders(world, world.maya)
    assert labels(on_mayas_screen)[:3] == ["Open", "New time", "Cancel post"]
    world.tom.click(told, "New time")
    form = world.tom.wait_for_view("New time")
    passed = world.tom.submit(form, values(publish_at=at))
    assert "has passed" in passed["errors"]["publish_at"]
    world.tom.submit(form, values(publish_at=seconds(paris(6, "17:00"))))
    # 17:00 in Paris is 11:00 in New York.
    world.told(world.tom, world.tom.direct(), "P-1 now has the publish time Wed 06 Mar, 11:00")
    assert "In review" in read(world.channel_card("P-1"))
    assert "nothing of this waits for you any more" in read(world.tom.again(told))
    world.maya.click(on_mayas_screen, "New time")
    world.told(world.maya, world.maya.direct(), "there is no new time to choose")


def test_a_missed_post_is_cancelled(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, send=True, publish_at=seconds(paris(5, "16:00")))
    world.tick(paris(5, "16:00"))
    world.tom.click(reminders(world, world.tom), "Cancel post")
    assert "Cancelled" in read(world.channel_card("P-1"))
    assert "Cancelled" in read(reminders(world, world.maya))


def test_a_missed_draft_can_be_retimed_from_its_card_and_in_open(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, publish_at=seconds(paris(5, "16:00")))
    world.tick(paris(5, "16:00"))
    card = world.dm_card(world.tom, "P-1")
    assert labels(card) == ["Open", "New time", "Edit", "Cancel post"]
    sheet = world.open(world.tom, card)
    world.tom.click_view(sheet, "New time")
    form = world.tom.wait_for_view("New time")
    world.tom.submit(form, values(publish_at=seconds(paris(6, "17:00"))))
    assert "Draft" in read(world.dm_card(world.tom, "P-1"))
    assert direct(world.maya, "P-1") == []


def scheduled(world: World, text: str = "Spring is here") -> None:
    """A post of Tom's that Ines approved, to go out on Tuesday at 16:00."""
    world.set_up(world.ines)
    at = seconds(paris(5, "16:00"))
    world.draft(world.tom, text, send=True, publish_at=at)
    world.ines.click(world.dm_card(world.ines, "P-1"), "Approve")
    world.settle()


def test_an_approved_post_is_handed_over_with_its_text_alone(world: World) -> None:
    scheduled(world, text="*Tea* & <biscuits> for all")
    world.tick(paris(5, "16:00"))
    told, text = world.tom.dms()[-2:]
    assert "P-1" in read(told)
    assert "is to go out now on LinkedIn, X" in read(told)
    assert labels(told) == ["Open", "Published", "Not now"]
    assert read(text) == "*Tea* & <biscuits> for all"
    assert labels(text) == []
    assert "go out now" not in "".join(map(read, world.maya.dms()))
    world.tom.click(told, "Published")
    link = "https://social.example/p/1"
    world.tom.submit(world.tom.wait_for_view("Publish P-1"), values(link=link))
    world.settle()
    assert "Published" in read(world.tom.again(told))
    assert link in str(world.tom.again(told)["blocks"])
    assert read(world.tom.again(text)) == "*Tea* & <biscuits> for all"


def test_not_now_brings_it_again(world: World) -> None:
    scheduled(world)
    world.tick(paris(5, "16:00"))
    told = direct(world.tom, "is to go out now")[-1]
    world.tom.click(told, "Not now")
    form = world.tom.wait_for_view("Not now")
    hour = fields(form)["When then?"]["initial_date_time"]
    assert hour == seconds(paris(5, "17:00"))
    world.tom.submit(form, values(publish_at=hour))
    world.told(world.tom, world.tom.direct(), "You get P-1 again Tue 05 Mar, 11:00.")
    world.settle()
    assert "You get it again" in read(world.tom.again(told))
    card = read(world.dm_card(world.tom, "P-1"))  # of a time that has come
    assert f"Approved for <!date^{seconds(paris(5, '16:00'))}^" in card
    world.tick(paris(5, "17:00"))
    assert len(direct(world.tom, "is to go out now")) == 2


def test_what_changed_after_it_was_handed_over_is_not_to_be_copied(world: World) -> None:
    scheduled(world)
    world.tick(paris(5, "16:00"))
    told, text = world.tom.dms()[-2:]
    world.tom.click(world.dm_card(world.tom, "P-1"), "Edit")
    form = wait_until(lambda: editing(world.tom), "the form Edit opens")
    world.tom.submit(form, values(text="Better"))
    world.settle()
    assert labels(world.tom.again(told)) == ["Open"]
    assert "isn't to go out now" in read(world.tom.again(text))


def test_what_was_moved_after_it_was_handed_over_is_not_to_go_out_now(world: World) -> None:
    scheduled(world)
    world.tick(paris(5, "16:00"))
    told, text = world.tom.dms()[-2:]
    world.tom.click(world.dm_card(world.tom, "P-1"), "Edit")
    form = wait_until(lambda: editing(world.tom), "the form Edit opens")
    world.tom.submit(form, values(publish_at=seconds(paris(7, "16:00"))))
    world.settle()
    assert labels(world.tom.again(told)) == ["Open"]
    assert "isn't to go out now" in read(world.tom.again(text))
    world.tick(paris(7, "16:00"))
    assert labels(world.tom.again(told)) == ["Open"]
    assert labels(direct(world.tom, "is to go out now")[-1]) == ["Open", "Published", "Not now"]


def with_two_texts(world: World) -> None:
    """A post of Tom's as `scheduled`, with a text of its own for X."""
    world.set_up(world.ines)
    at = seconds(paris(5, "16:00"))
    world.draft(world.tom, "Long" * 100, send=False, publish_at=at)
    world.tom.click(world.dm_card(world.tom, "P-1"), "Edit")
    form = wait_until(lambda: editing(world.tom), "the form Edit opens")
    own = {**values(when_saved="send"), "text:x": {"text:x": "Short"}}
    assert world.tom.submit(form, own)["errors"] is None
    world.settle()
    world.ines.click(world.dm_card(world.ines, "P-1"), "Approve")
    world.settle()


def test_each_networks_own_text_is_a_message(world: World) -> None:
    with_two_texts(world)
    world.tick(paris(5, "16:00"))
    told, one, other = world.tom.dms()[-3:]
    assert "for LinkedIn; for X" in read(told)
    assert (read(one), read(other)) == ("Long" * 100, "Short")


@pytest.mark.parametrize(("kind", "end"), [("hand_off", ""), ("hand_off_text", ":0")])
def test_no_text_overtakes_what_stands_above_it(world: World, kind: str, end: str) -> None:
    """It would be taken for another network's."""
    with_two_texts(world)
    world.clock.at = paris(5, "16:00")
    timetable.run_due(world.store, world.clock.at)
    late = messages.update().filter_by(kind=kind).where(messages.c.key.endswith(end))
    with world.store.write() as tx:
        tx.execute(late.values(retry_at=datetime.now(UTC) + timedelta(seconds=1)))
    with ticking(world):
        world.settle()
    told, one, other = world.tom.dms()[-3:]
    assert "for LinkedIn; for X" in read(told)
    assert (read(one), read(other)) == ("Long" * 100, "Short")


def test_quiet_is_echoed_and_can_be_ended(world: World) -> None:
    world.set_up(world.ines)
    done = world.ines.command(SOCIAL, "/desk quiet until 15:00")
    assert "No reminders until Mon 04 Mar, 15:00." in done["ack"]["text"]
    done = world.ines.command(SOCIAL, "/desk quiet off")
    assert "You get reminders again" in done["ack"]["text"]
    for typed in ("", " until 31 feb", " 15"):
        done = world.ines.command(SOCIAL, f"/desk quiet{typed}")
        assert "/desk quiet until 15:00" in done["ack"]["text"]


def test_needed_by_is_shown_and_moves_the_reminders(world: World) -> None:
    world.set_up(world.ines)
    late, at = seconds(paris(7, "16:00")), seconds(paris(6, "16:00"))
    world.tom.command(SOCIAL, "/draft Hello")
    form = world.tom.wait_for_view("New draft")
    wrong = values(publish_at=at, needed_by=late, when_saved="send")
    refused = world.tom.submit(form, wrong)
    assert "a decision is needed before that" in refused["errors"]["needed_by"]
    world.tom.submit(form, values(publish_at=at, needed_by=seconds(paris(5, "16:00"))))
    world.settle()
    for card in (world.channel_card("P-1"), world.dm_card(world.tom, "P-1")):
        assert "Needed by Tue 05 Mar, 16:00 Paris time" in read(card)
    world.tick(paris(4, "16:00"))
    assert "Your decision is due" in read(reminders(world, world.ines))


def test_when_reminders_come_is_set_by_managers(world: World) -> None:
    world.set_up(world.ines)
    world.maya.command(SOCIAL, "/desk settings")
    form = world.maya.wait_for_view("Desk settings")
    chosen = fields(form)["Reminders of a deadline"]["initial_options"]
    assert [option["value"] for option in chosen] == ["1d", "2h", "0h"]
    world.maya.submit(form, values(reminders=["4h"]))
    world.draft(world.tom, send=True)
    world.tick(paris(4, "15:00"))
    assert "Your decision is due" in read(reminders(world, world.ines))
    assert opened(world.maya) is None
