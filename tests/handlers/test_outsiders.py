"""Desks where people from outside read along: who is warned, and what stays among the team."""

from tests.handlers.test_comments import notices, thread, write
from tests.handlers.world import PARTNERS, SOCIAL, World, opened, read, setup, values
from tests.player import Json, Player, wait_until

NOTES = "Legal has not seen this"


def set_up_form(who: Player, channel: str) -> Json:
    who.command(channel, "/desk setup")
    return who.wait_for_view("Set up this desk")


def test_setting_up_warns_who_will_read_along(world: World) -> None:
    form = set_up_form(world.maya, PARTNERS)
    said = read(form)
    assert "Guests or people of another workspace read along here" in said
    assert "among them Gil Navarro and Sam Porter" in said
    assert "comments stay out of this channel" in said
    world.maya.submit(form, setup((world.ines,), "any", ("x",)))
    world.told(world.maya, PARTNERS, "This desk is set up.")
    assert "among them Gil Navarro" in read(set_up_form(world.maya, PARTNERS))


def test_nobody_is_warned_where_only_the_team_is(world: World) -> None:
    form = set_up_form(world.maya, SOCIAL)
    assert "along here" not in read(form)
    world.maya.submit(form, setup((world.ines,), "any", ("x",)))
    world.told(world.maya, SOCIAL, "This desk is set up.")
    world.maya.command(SOCIAL, "/desk")
    assert "along here" not in read(world.told(world.maya, SOCIAL, "the desk of this channel"))


def test_opening_such_a_desk_warns(world: World) -> None:
    world.set_up(world.ines, channel=PARTNERS)
    world.maya.command(PARTNERS, "/desk")
    answer = world.told(world.maya, PARTNERS, "the desk of this channel")
    assert "Guests or people of another workspace read along here." in read(answer)
    world.maya.command(PARTNERS, "/desk settings")
    assert "read along here" in read(world.maya.wait_for_view("Desk settings"))


def test_notes_stay_off_the_channels_card_and_reach_the_approver(world: World) -> None:
    world.set_up(world.ines, channel=PARTNERS)
    code = world.draft(world.maya, notes=NOTES, send=True, channel=PARTNERS)
    assert NOTES not in str(world.channel_card(code, PARTNERS))
    assert NOTES in read(world.dm_card(world.ines, code))
    assert NOTES in read(world.dm_card(world.maya, code))
    world.set_up(world.ines)
    inside = world.draft(world.tom, notes=NOTES, send=True)
    assert NOTES in read(world.channel_card(inside))


def test_reasons_stay_off_the_channels_card(world: World) -> None:
    world.set_up(world.ines, channel=PARTNERS)
    code = world.draft(world.maya, send=True, channel=PARTNERS)
    shown = world.open(world.maya, world.dm_card(world.maya, code))
    world.maya.click_view(shown, "post:more", selected="hold:1")
    world.maya.submit(world.maya.wait_for_view("Hold"), values(reason="The client owes us"))
    card = world.channel_card(code, PARTNERS)
    assert "On hold" in read(card)
    assert "owes us" not in str(card)
    assert "owes us" in read(world.dm_card(world.ines, code))


def test_comments_go_to_those_concerned_and_not_to_the_thread(world: World) -> None:
    world.set_up(world.ines, channel=PARTNERS)
    code = world.draft(world.maya, send=True, channel=PARTNERS)
    card, mine = world.channel_card(code, PARTNERS), world.dm_card(world.ines, code)
    write(world, world.maya, card, "They always pay late")
    world.told(world.maya, PARTNERS, "Your comment is kept with P-1.")
    world.ines.say(mine["channel"], "Then we ask for more", mine["ts"])
    world.ines.wait_for_message(mine["channel"], "tell whom they concern", thread_ts=mine["ts"])
    world.settle()
    assert thread(world.sam, card) == []
    assert len(notices(world, world.ines, "They always pay late")) == 1
    [notice] = notices(world, world.maya, "Then we ask for more")
    assert "people from outside read along" in read(notice)
    for outsider in (world.sam, world.gil):
        assert outsider.dms() == []
        shown = read(world.open(outsider, card))
        assert "pay late" not in shown
        assert "ask for more" not in shown
        view = opened(outsider)
        assert view is not None
        outsider.click_view(view, "History")
        record = read(outsider.wait_for_view(f"History of {code}"))
        assert "pay late" not in record
        assert "ask for more" not in record
        outsider.close(outsider.views()[-1], clear=True)
    assert "pay late" in read(world.open(world.ines, card))


def test_what_an_outsider_says_is_heard(world: World) -> None:
    world.set_up(world.ines, channel=PARTNERS)
    code = world.draft(world.maya, send=True, channel=PARTNERS)
    card = world.channel_card(code, PARTNERS)
    world.sam.say(PARTNERS, "We love it", card["ts"])
    wait_until(lambda: notices(world, world.maya, "We love it"), "Maya is told")
    assert "We love it" in read(world.open(world.gil, card))


def test_who_joins_later_reads_no_notes(world: World) -> None:
    world.set_up(world.ines)
    code = world.draft(world.tom, notes=NOTES, send=True)
    assert NOTES in read(world.channel_card(code))
    world.maya.invite(SOCIAL, world.gil.id)
    wait_until(lambda: NOTES not in str(world.channel_card(code)), "the card is drawn anew")
    world.maya.command(SOCIAL, "/desk")
    world.told(world.maya, SOCIAL, "people of another workspace read along here")
    write(world, world.kenji, world.channel_card(code), "Between us")
    world.told(world.kenji, SOCIAL, "Your comment is kept with P-1.")
    assert thread(world.gil, world.channel_card(code)) == []


def test_looking_at_a_big_channel_is_cheap(world: World) -> None:
    """One page of members, and a few people asked about: the form opens within 3 s."""
    before = len(world.playground.calls())
    set_up_form(world.maya, PARTNERS)
    made = [call["method"] for call in world.playground.calls()[before:]]
    assert made.count("conversations.members") == 1
    assert made.count("users.info") <= 16
