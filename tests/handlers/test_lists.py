"""`/desk posts` and `/desk find`: looking through what a desk has."""

import pytest

from tests.handlers.world import BRAND, GENERAL, PARTNERS, SOCIAL, World, opened, read
from tests.player import Json, NotPossible, Player, find, labels, wait_until


def open_posts(who: Player, channel: str = SOCIAL) -> Json:
    who.command(channel, "/desk posts")
    return who.wait_for_view("Posts")


def search(who: Player, words: str, channel: str = SOCIAL) -> Json:
    who.command(channel, f"/desk find {words}")
    return who.wait_for_view("Found posts")


def choose(who: Player, view: Json, what: str, chosen: str | None = None) -> Json:
    """Clicks in a view; the view as it is then."""
    who.click_view(view, what, selected=chosen)
    changed = wait_until(
        lambda: (now := who.view()) and now["hash"] != view["hash"] and now, f"{what} changes it"
    )
    assert isinstance(changed, dict)
    return changed


def codes(view: Json) -> list[str]:
    texts = [str(b["text"]["text"]) for b in view["blocks"] if b["type"] == "section"]
    return [text.split("*")[1] for text in texts if text.startswith("*P-")]


def test_the_newest_first_page_by_page(world: World) -> None:
    world.set_up(world.ines)
    for number in range(1, 12):
        world.draft(world.tom, f"Number {number}", send=True)
    first = open_posts(world.tom)
    assert codes(first) == [f"P-{n}" for n in range(11, 3, -1)]
    assert labels(first)[-1] == "Older"
    assert "Newer" not in labels(first)
    second = choose(world.tom, first, "Older")
    assert codes(second) == ["P-3", "P-2", "P-1"]
    assert labels(second)[-1] == "Newer"
    assert "Older" not in labels(second)
    assert codes(choose(world.tom, second, "Newer")) == codes(first)


def test_filters_narrow_it_down_and_are_cleared(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, "Tom's draft", networks=["linkedin"])
    world.draft(world.tom, "Tom's, sent", send=True, networks=["x"])
    world.draft(world.lea, "Lea's, sent", send=True, networks=["linkedin", "x"])
    view = open_posts(world.tom)
    assert "Clear filters" not in labels(view)
    view = choose(world.tom, view, "list:set", "in_review")
    assert codes(view) == ["P-3", "P-2"]
    view = choose(world.tom, view, "list:network", "linkedin")
    assert codes(view) == ["P-3"]
    view = choose(world.tom, view, "list:person", "U0TOM")
    assert codes(view) == []
    assert "No post matches." in read(view)
    for action, key in (("list:set", "in_review"), ("list:network", "linkedin")):
        assert find(view, action)[0]["initial_option"]["value"] == key
    assert find(view, "list:person")[0]["initial_user"] == "U0TOM"
    blocks = {block["block_id"] for block in view["blocks"][:2]}
    view = choose(world.tom, view, "Clear filters")
    assert codes(view) == ["P-3", "P-2", "P-1"]
    # Slack keeps what was chosen in a block that stays, whatever the new one says.
    assert blocks.isdisjoint(block["block_id"] for block in view["blocks"][:2])
    assert codes(choose(world.tom, view, "list:set", "draft")) == ["P-1"]


def test_filters_stay_while_pages_are_turned(world: World) -> None:
    world.set_up(world.ines)
    for number in range(1, 11):
        world.draft(world.tom, f"Number {number}", send=number != 5)
    view = choose(world.tom, open_posts(world.tom), "list:set", "in_review")
    assert "P-5" not in codes(view)
    view = choose(world.tom, view, "Older")
    assert codes(view) == ["P-1"]
    # Another choice begins with its first page.
    assert codes(choose(world.tom, view, "list:set", "draft")) == ["P-5"]


def test_a_campaign_can_be_chosen_once_there_is_one(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, "One")
    with pytest.raises(NotPossible):
        find(open_posts(world.tom), "list:campaign")
    world.tom.close(world.tom.view() or {})
    sheet = world.open(world.tom, world.dm_card(world.tom, "P-1"))
    world.tom.click_view(sheet, "post:more", selected="campaign:1")
    form = world.tom.wait_for_view("Campaign")
    world.tom.submit(form, {"campaign": {"campaign": "Spring <!channel> & *tea*"}})
    world.draft(world.tom, "Two")
    view = open_posts(world.tom)
    options = find(view, "list:campaign")[0]["options"]
    assert [o["text"]["text"] for o in options] == ["All campaigns", "Spring <!channel> & *tea*"]
    assert codes(choose(world.tom, view, "list:campaign", options[1]["value"])) == ["P-1"]


def test_somebody_who_never_wrote_has_nothing(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, send=True)
    view = choose(world.tom, open_posts(world.tom), "list:person", "U0GIL")
    assert "No post matches." in read(view)


def test_a_post_is_opened_from_a_list(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, "In full", send=True)
    world.ines.click_view(open_posts(world.ines), "Open")
    sheet = wait_until(lambda: opened(world.ines), "Open shows the post")
    assert "In full" in read(sheet)
    assert "Approve" in labels(sheet)
    assert len(world.ines.views()) == 2


def test_an_empty_desk_says_what_to_do(world: World) -> None:
    world.set_up(world.ines)
    assert "Write the first one with */draft*" in read(open_posts(world.tom))


def test_without_any_desk_it_says_how_to_make_one(world: World) -> None:
    assert "Type */desk setup*" in read(open_posts(world.tom, world.tom.direct()))
    world.tom.close(world.tom.view() or {})
    assert "Type */desk setup*" in read(search(world.tom, "tea"))


def test_outside_a_desk_it_lists_all_of_ones_desks(world: World) -> None:
    world.set_up(world.ines)
    world.maya.invite(BRAND)
    world.set_up(world.ines, channel=BRAND)
    world.draft(world.maya, "One", send=True)
    world.draft(world.maya, "Two", send=True, channel=BRAND)
    view = open_posts(world.maya, GENERAL)
    assert codes(view) == ["P-2", "P-1"]
    assert "*P-2* by Maya Okafor in <#C0BRAND>" in read(view)
    world.maya.close(view)
    assert codes(open_posts(world.maya, BRAND)) == ["P-2"]


def test_nothing_of_a_desk_for_who_is_not_in_its_channel(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, "Secret plans", send=True)
    world.set_up(world.ines, channel=PARTNERS)
    for who in (world.gil, world.sam):
        assert codes(open_posts(who, PARTNERS)) == []
        assert codes(search(who, "secret", PARTNERS)) == []
        forged = world.plant(PARTNERS, "list:open", "1")
        who.click(forged, "Open")
        view = who.wait_for_view("Posts")
        assert codes(view) == []
        assert "you aren't in it" in read(view)
        who.close(view)


def test_whoever_left_sees_no_more_and_who_came_sees_all(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, "Plans", send=True)
    assert codes(search(world.lea, "plans", GENERAL)) == ["P-1"]
    world.lea.close(world.lea.view() or {})
    world.maya.remove(SOCIAL, "U0LEA")
    world.settle()
    assert codes(search(world.lea, "plans", GENERAL)) == []
    world.lea.close(world.lea.view() or {})
    world.maya.invite(SOCIAL, "U0LEA")
    world.settle()
    assert codes(search(world.lea, "plans", GENERAL)) == ["P-1"]


def test_a_draft_is_found_by_its_owner_and_the_managers(world: World) -> None:
    world.set_up(world.ines, by=world.lea)
    world.draft(world.tom, "Not yet")
    for who, found in ((world.tom, ["P-1"]), (world.lea, ["P-1"]), (world.kenji, [])):
        view = search(who, "not yet")
        assert codes(view) == found
        who.close(view)
        assert codes(open_posts(who)) == found


@pytest.mark.parametrize("words", ["spring SALE", "sale   spring", "P-1", "p1", "&", "<b>", "50%"])
def test_words_are_found(world: World, words: str) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, "Spring sale: 50% off & <b>more</b>", send=True)
    world.draft(world.tom, "Something else", send=True)
    view = search(world.ines, words)
    assert codes(view) == ["P-1"]
    assert f"“{' '.join(words.split())}”" in read(view)


def test_a_search_has_pages_too(world: World) -> None:
    world.set_up(world.ines)
    for number in range(1, 10):
        world.draft(world.tom, f"Tea {number}", send=True)
    view = choose(world.tom, search(world.tom, "tea"), "Older")
    assert codes(view) == ["P-1"]
    assert "“tea”" in read(view)
    assert len(codes(choose(world.tom, view, "Newer"))) == 8


@pytest.mark.parametrize("words", ['"spring tea"', "“Spring” ‘tea’", "«tea»", "l’été", "it's"])
def test_quotes_around_words_are_not_looked_for(world: World, words: str) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, "Tea in spring: l’été comes, it's late", send=True)
    assert codes(search(world.tom, words)) == ["P-1"]


@pytest.mark.parametrize("words", ["", "   ", "“”"])
def test_without_words_it_asks_for_some(world: World, words: str) -> None:
    world.set_up(world.ines)
    world.tom.command(SOCIAL, f"/desk find {words}")
    world.told(world.tom, SOCIAL, "Say which words to look for")


def test_what_is_nowhere_is_a_sentence(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, "Spring", send=True)
    assert "No post that you can see has all of these words." in read(search(world.ines, "autumn"))


def test_a_sleeping_desk_shows_nothing(world: World) -> None:
    world.set_up(world.ines)
    world.draft(world.tom, "Spring", send=True)
    world.maya.remove(SOCIAL)
    world.maya.wait_for_dm("sleep")
    assert codes(search(world.tom, "spring", world.tom.direct())) == []
    world.tom.close(world.tom.wait_for_view("Found posts"))
    said = read(open_posts(world.tom))
    assert "the desk sleeps because Copydesk was removed from there" in said
    assert "has a desk yet" not in said
