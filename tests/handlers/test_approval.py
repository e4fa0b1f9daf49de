"""Send for approval, and Approve: who may, once, and what every card shows."""

from datetime import timedelta

from tests.handlers.world import (
    GENERAL,
    PARTNERS,
    SOCIAL,
    TOMORROW,
    World,
    is_card,
    read,
    values,
)
from tests.player import labels, wait_until

DECIDE = ["Open", "Approve", "Request changes", "Reject"]


def test_the_channel_and_each_approver_get_a_card(world: World) -> None:
    world.set_up(world.ines, world.kenji)
    code = world.draft(world.tom, "Spring & tea", notes="The second picture")
    world.tom.click(world.dm_card(world.tom, code), "Send for approval")
    cards = [world.channel_card(code)]
    cards += [world.dm_card(who, code) for who in (world.ines, world.kenji)]
    for card in cards:
        assert labels(card) == DECIDE
        for shown in ("by Tom Lindqvist", "In review", "Spring & tea", "The second picture"):
            assert shown in read(card)
        assert "Needs one of 2 approvers" in read(card)
    mine = world.dm_card(world.tom, code)
    assert "In review" in read(mine)
    assert labels(mine) == ["Open", "Edit"]
    assert world.kenji.views() == []
    assert not any(is_card(m, code) for m in world.lea.dms())


def test_one_yes_decides_where_any_will_do(world: World) -> None:
    world.set_up(world.ines, world.kenji)
    code = world.draft(world.tom, send=True)
    world.told(world.tom, SOCIAL, "P-1 is sent for approval to its 2 approvers.")
    world.ines.click(world.channel_card(code), "Approve")
    cards = [world.channel_card(code)]
    cards += [world.dm_card(who, code) for who in (world.ines, world.kenji)]
    for card in cards:
        assert labels(card) == ["Open"]
        assert "Approved" in read(card)
        assert "Ines Ferrari approved version 1 <!date^" in read(card)
    world.tom.wait_for_dm("Ines Ferrari approved *P-1*")
    assert sum("Ines Ferrari approved *P-1*" in read(m) for m in world.tom.dms()) == 1
    assert "Approved" in read(world.dm_card(world.tom, code))


def test_two_who_approve_in_the_same_instant_both_count(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    code = world.draft(world.tom, send=True)
    card, direct = world.channel_card(code), world.dm_card(world.kenji, code)
    with world.ines.doing(lambda: world.ines.click(card, "Approve")) as answered:
        world.kenji.click(direct, "Approve")
    assert answered[0]["acked"]
    shown = read(world.channel_card(code))
    assert "Ines Ferrari approved version 1" in shown
    assert "Kenji Sato approved version 1" in shown
    assert "Approved" in shown
    assert sum("approved *P-1*" in read(m) for m in world.tom.dms()) == 1


def test_while_others_are_waited_for_ones_own_card_is_quiet(world: World) -> None:
    world.set_up(world.ines, world.kenji, world.lea, need="all")
    code = world.draft(world.tom, send=True)
    world.ines.click(world.dm_card(world.ines, code), "Approve")
    assert "1 of 3 approved" in read(world.channel_card(code))
    mine = world.dm_card(world.ines, code)
    assert labels(mine) == ["Open"]
    assert "You approved this" in read(mine)
    assert labels(world.dm_card(world.kenji, code)) == DECIDE
    # Who is late is nobody else's business.
    assert "Kenji" not in read(world.channel_card(code))


def test_a_second_click_is_told_that_it_was_counted(world: World) -> None:
    world.set_up(world.ines, world.kenji, need="all")
    code = world.draft(world.tom, send=True)
    card = world.channel_card(code)
    for _ in range(2):
        world.ines.click(card, "Approve")
    world.told(world.ines, SOCIAL, "You approved this on Mon 04 Mar, 10:00.")
    world.ines.click(card, "Reject")
    world.settle()
    assert world.ines.view() is None
    assert "1 of 2 approved" in read(world.channel_card(code))


def test_a_click_after_the_end_is_told_who_decided(world: World) -> None:
    world.set_up(world.ines, world.kenji)
    code = world.draft(world.tom, send=True)
    card, late = world.channel_card(code), world.dm_card(world.kenji, code)
    world.ines.click(card, "Approve")
    world.settle()
    for button in ("Approve", "Request changes"):
        world.kenji.click(late, button)
    answer = world.told(world.kenji, world.kenji.direct(), "Ines Ferrari approved this on")
    assert "Mon 04 Mar, 18:00, so there is nothing left to decide" in read(answer)
    assert world.kenji.view() is None
    world.ines.click(card, "Approve")
    world.told(world.ines, SOCIAL, "use Undo in Open")


def test_a_click_on_an_older_versions_card_decides_nothing(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    old = world.channel_card(code)
    world.edit(world.tom, world.dm_card(world.tom, code), text="Better", when_saved="send")
    world.settle()
    for button in ("Approve", "Request changes", "Reject"):
        world.ines.click(old, button)
    answer = world.told(world.ines, SOCIAL, "This is version 1, and there is a version 2 by now.")
    assert "Open the post" in read(answer)
    assert world.ines.view() is None
    assert labels(world.channel_card(code)) == DECIDE


def test_only_approvers_decide(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    card = world.channel_card(code)
    for button in ("Approve", "Request changes", "Reject"):
        world.lea.click(card, button)
    world.told(world.lea, SOCIAL, "Only the approvers of step 1 can do this. You can leave a")
    world.maya.click(card, "Approve")  # a manager, and no approver
    world.told(world.maya, SOCIAL, "Only the approvers of step 1 can do this.")
    assert world.lea.view() is None
    assert labels(world.channel_card(code)) == DECIDE


def test_nobody_decides_on_their_own_post(world: World) -> None:
    world.set_up(world.ines, world.kenji)
    code = world.draft(world.ines, send=True)
    world.told(world.ines, SOCIAL, "P-1 is sent for approval to its approver.")
    card = world.channel_card(code)
    for button in ("Approve", "Request changes", "Reject"):
        world.ines.click(card, button)
        answer = world.told(world.ines, SOCIAL, "This is your own post")
        assert "use Edit in Open" in read(answer)
    assert "Approve" not in labels(world.open(world.ines, card))
    assert not any("waits for your approval" in m["text"] for m in world.ines.dms())
    world.kenji.click(card, "Approve")
    assert "Approved" in read(world.channel_card(code))


def test_the_only_approver_may_approve_their_own_where_the_desk_says_so(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.ines)
    card = world.dm_card(world.ines, code)
    world.ines.click(card, "Send for approval")
    answer = world.told(world.ines, world.ines.direct(), "nobody approves their own here")
    assert "under Own posts in /desk settings" in read(answer)
    world.own_posts()
    world.ines.click(card, "Send for approval")
    world.settle()
    world.ines.click(world.channel_card(code), "Approve")
    assert "Approved" in read(world.channel_card(code))
    assert "Mark as published" in labels(world.open(world.ines, world.channel_card(code)))


def test_sent_twice_it_waits_once(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom)
    card = world.dm_card(world.tom, code)
    for _ in range(2):
        world.tom.click(card, "Send for approval")
    answer = world.told(world.tom, world.tom.direct(), "This post is in review")
    assert "It waits for its approvers." in read(answer)
    world.settle()
    assert sum(is_card(m, code) for m in world.tom.messages(SOCIAL)) == 1


def test_an_older_version_is_not_sent(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom)
    old = world.dm_card(world.tom, code)
    world.edit(world.tom, old, text="Better")
    world.settle()
    world.tom.click(old, "Send for approval")
    world.told(world.tom, world.tom.direct(), "This is version 1, and there is a version 2")
    assert "Draft" in read(world.dm_card(world.tom, code))


def test_only_the_owner_and_managers_send(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom)
    world.kenji.click(world.plant(SOCIAL, "review:send", "1:1"), "Open")
    world.told(world.kenji, SOCIAL, "Only Tom Lindqvist, who owns P-1")


def test_a_publish_time_that_has_passed_is_asked_for_anew(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, publish_at=TOMORROW)
    world.clock.at += timedelta(days=2)
    world.tom.click(world.dm_card(world.tom, code), "Send for approval")
    answer = world.told(world.tom, world.tom.direct(), "Tue 05 Mar, 03:00 has passed.")
    assert "Choose a publish time that lies ahead" in read(answer)


def test_with_a_publish_time_it_says_when_it_goes_out(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True, publish_at=TOMORROW)
    card = world.channel_card(code)
    assert "Publish at Tue 05 Mar, 09:00 Paris time" in read(card)
    world.ines.click(card, "Approve")
    for card in (world.channel_card(code), world.dm_card(world.tom, code)):
        assert f"Approved for <!date^{TOMORROW}^" in read(card)


def test_guests_and_people_of_other_workspaces_may_be_approvers(world: World) -> None:
    world.set_up(world.gil, world.sam, need="all", channel=PARTNERS)
    code = world.draft(world.ines, send=True, channel=PARTNERS)
    world.gil.click(world.dm_card(world.gil, code), "Approve")
    world.settle()
    world.sam.click(world.channel_card(code, PARTNERS), "Approve")
    shown = read(world.channel_card(code, PARTNERS))
    assert "Gil Navarro approved" in shown
    assert "Sam Porter approved" in shown


def test_a_stranger_who_is_no_approver_is_told_so(world: World) -> None:
    world.set_up(world.gil, channel=PARTNERS)
    code = world.draft(world.ines, send=True, channel=PARTNERS)
    card = world.channel_card(code, PARTNERS)
    for button in ("Approve", "Reject"):
        world.sam.click(card, button)
    world.told(world.sam, PARTNERS, "Only the approvers of step 1 can do this.")
    opened = world.open(world.sam, card)
    assert labels(opened) == ["Comment", "History", "Duplicate"]


def test_an_approver_outside_the_channel_decides_from_their_messages(world: World) -> None:
    world.set_up(world.gil)
    code = world.draft(world.tom, send=True)
    card = world.dm_card(world.gil, code)
    opened = world.open(world.gil, card)
    assert labels(opened)[:3] == ["Approve", "Request changes", "Reject"]
    world.gil.click_view(opened, "Approve")
    wait_until(lambda: "Gil Navarro approved" in read(world.gil.views()[-1]), "Open shows it")
    assert "Approved" in read(world.channel_card(code))


def test_rules_that_change_meanwhile_leave_what_was_sent_alone(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, send=True)
    world.maya.command(SOCIAL, "/desk setup")
    world.maya.submit(world.maya.wait_for_view("Set up this desk"), values(approvers=["U0LEA"]))
    world.told(world.maya, SOCIAL, "Posts that wait for approval now keep the rules")
    world.lea.click(world.channel_card(code), "Approve")
    world.told(world.lea, SOCIAL, "Only the approvers of step 1")
    world.ines.click(world.channel_card(code), "Approve")
    assert "Approved" in read(world.channel_card(code))


def test_a_card_in_another_channel_is_no_way_in(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, send=True)
    world.client.conversations_info(channel=GENERAL)
    world.maya.invite(GENERAL)
    world.kenji.click(world.plant(GENERAL, "review:approve", "1"), "Open")
    world.told(world.kenji, GENERAL, "Only the approvers of step 1")
    world.ines.click(world.plant(GENERAL, "review:approve", "999"), "Open")
    world.told(world.ines, GENERAL, "This review isn't known here.")
