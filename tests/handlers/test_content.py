"""Images, files, links and texts for single networks: from the form to the card."""

import pytest

from tests.handlers.world import SOCIAL, World, editing, is_card, opened, read, values
from tests.player import Json, NotPossible, Player, fields, labels, wait_until

NETWORKS = ("x", "bluesky", "instagram")
MEGABYTE = 1_000_000


def form_for(who: Player) -> Json:
    who.command(SOCIAL, "/draft")
    return who.wait_for_view("New draft")


def alt_form(who: Player) -> Json:
    """The form that asks what images show, once it is on top."""

    def on_top() -> Json | None:
        view = who.view()
        return view if view and view["title"]["text"].startswith("Alt text of P-") else None

    return wait_until(on_top, "the alt texts are asked for")


def pictures(shown: Json) -> list[tuple[str, str]]:
    """The images of a message or view: the file and what is said instead of it."""
    images = [b for b in shown["blocks"] if b["type"] == "image"]
    return [(b["slack_file"]["id"], b["alt_text"]) for b in images]


def say_alt(who: Player, *texts: str) -> Json:
    alts = {f"alt:{n}": text for n, text in enumerate(texts)}
    return who.submit(alt_form(who), values(**alts))


def preview_of(who: Player, post: Json, network: str, title: str) -> Json:
    """What Preview shows of a post for one network."""
    who.click_view(post, "content:preview", network)
    return who.wait_for_view(title)


def test_an_image_is_asked_about_and_shown_on_the_card(world: World) -> None:
    world.set_up(world.ines)
    tea = world.tom.upload("tea.png", width=1200, height=630)
    form = form_for(world.tom)
    done = world.tom.submit(form, values(text="Spring", **{"files:0": [tea]}))
    assert done["response_action"] == "update"
    asked = alt_form(world.tom)
    assert "P-1 is saved. Say what its images show" in read(asked)
    assert pictures(asked) == [(tea, "tea.png")]
    card = world.dm_card(world.tom, "P-1")
    assert labels(card) == ["Open", "Send for approval", "Edit", "Add alt text"]
    assert "No alt text yet: “tea.png”" in read(card)
    say_alt(world.tom, "A cup of green tea & steam")
    world.told(world.tom, SOCIAL, "P-1 is saved.")
    card = world.dm_card(world.tom, "P-1")
    assert labels(card) == ["Open", "Send for approval", "Edit"]
    assert pictures(card) == [(tea, "A cup of green tea & steam")]
    assert "Alt text: A cup of green tea & steam" in read(world.open(world.tom, card))


def test_what_is_sent_with_images_goes_when_they_are_described(world: World) -> None:
    world.set_up(world.ines)
    files = [world.tom.upload("one.jpg"), world.tom.upload("two.gif")]
    form = form_for(world.tom)
    world.tom.submit(form, values(text="Both", when_saved="send", **{"files:0": files}))
    assert "is sent when you go on" in read(alt_form(world.tom))
    world.settle()
    assert not any(is_card(m, "P-1") for m in world.tom.messages(SOCIAL))
    say_alt(world.tom, "One", "")
    world.told(world.tom, SOCIAL, "P-1 is sent for approval to its approver.")
    for card in (world.channel_card("P-1"), world.dm_card(world.ines, "P-1")):
        assert labels(card) == ["Open", "Approve", "Request changes", "Reject"]
        assert pictures(card) == [(files[0], "One"), (files[1], "two.gif")]
        assert "No alt text yet: “two.gif”" in read(card)
    world.again("submit content:alt_text:submit")
    assert "version 2" in str(world.open(world.ines, world.channel_card("P-1"))["title"])


def test_alt_texts_later_say_whose_approval_they_end(world: World) -> None:
    world.set_up(world.ines)
    tea = world.tom.upload("tea.png", alt="Tea, says Slack")
    world.tom.submit(
        form_for(world.tom), values(text="Tea", when_saved="send", **{"files:0": [tea]})
    )
    world.told(world.tom, SOCIAL, "P-1 is sent for approval")
    assert pictures(world.channel_card("P-1")) == [(tea, "Tea, says Slack")]
    world.ines.click(world.dm_card(world.ines, "P-1"), "Approve")
    world.settle()
    post = world.open(world.tom, world.channel_card("P-1"))
    world.tom.click_view(post, "Alt text")
    form = alt_form(world.tom)
    assert "ends the approval of Ines Ferrari of version 1" in read(form)
    world.tom.submit(form, values(**{"alt:0": "Tea, says Tom"}))
    world.told(world.tom, SOCIAL, "This ended Ines Ferrari's approval of version 1.")
    assert pictures(world.dm_card(world.tom, "P-1")) == [(tea, "Tea, says Tom")]
    world.tom.command(SOCIAL, "/desk history P-1")
    history = read(world.tom.wait_for_view("History of P-1"))
    assert "wrote version 2, with other alt texts" in history
    assert "images" not in history


def test_links_to_drive_and_canva_are_named_as_such(world: World) -> None:
    world.set_up(world.ines)
    link = "https://larkfield.example/spring"
    drive, canva = "https://drive.google.com/file/d/1/view", "https://www.canva.com/design/DA/edit"
    code = world.draft(world.tom, "Spring", link=f"{link}\n{drive}  {canva}")
    card = read(world.dm_card(world.tom, code))
    for said in (f"🔗 \n{link}", f"Google Drive: \n{drive}", f"Canva: \n{canva}"):
        assert said in card
    form = edit_form(world, code)
    assert fields(form)["Link"]["initial_value"] == f"{link}\n{drive}\n{canva}"
    world.tom.submit(form, values(link=canva))
    world.settle()
    card = read(world.dm_card(world.tom, code))
    assert canva in card
    assert link not in card
    assert drive not in card


def edit_form(world: World, code: str) -> Json:
    world.tom.click(world.dm_card(world.tom, code), "Edit")
    return wait_until(lambda: editing(world.tom), "the form Edit opens")


def test_files_are_kept_taken_out_and_added_by_an_edit(world: World) -> None:
    world.set_up(world.ines)
    brief, tea = world.tom.upload("brief.pdf", size=2_300_000), world.tom.upload("tea.png")
    world.tom.submit(form_for(world.tom), values(text="Tea", **{"files:0": [brief, tea]}))
    say_alt(world.tom, "Tea")
    world.settle()
    card = world.dm_card(world.tom, "P-1")
    assert "📎 brief.pdf (2.3 MB)" in read(card)
    form = edit_form(world, "P-1")
    attached = [o["text"]["text"] for o in fields(form)["Attached"]["initial_options"]]
    assert attached == ["brief.pdf (2.3 MB)", "tea.png (1 KB)"]
    cake = world.tom.upload("cake.png", alt="Cake")
    world.tom.submit(form, values(attached=[tea], **{"files:0": [cake]}))
    world.told(world.tom, world.tom.direct(), "P-1 is saved.")
    card = world.dm_card(world.tom, "P-1")
    assert pictures(card) == [(tea, "Tea"), (cake, "Cake")]
    assert "brief.pdf" not in read(card)


def test_an_edit_that_touches_nothing_ends_nothing(world: World) -> None:
    world.set_up(world.ines)
    tea = world.tom.upload("tea.png", alt="Tea")
    more = {"link": "https://a.example", "files:0": [tea]}
    world.tom.submit(form_for(world.tom), values(text="Tea", when_saved="send", **more))
    world.settle()
    world.ines.click(world.dm_card(world.ines, "P-1"), "Approve")
    world.settle()
    world.tom.submit(edit_form(world, "P-1"), values(notes="Only a note"))
    world.told(world.tom, world.tom.direct(), "P-1 is saved and approved.")


def test_a_text_that_is_too_long_for_one_network_is_offered_another(world: World) -> None:
    world.set_up(world.ines, networks=NETWORKS)
    long = "Spring in a cup. " * 17
    form = form_for(world.tom)
    tea = world.tom.upload("tea.jpg", alt="Tea")
    typed = values(text=long, notes="Please", when_saved="send", **{"files:0": [tea]})
    assert world.tom.submit(form, typed)["response_action"] == "update"
    form = world.tom.wait_for_view("New draft")
    assert "Too long for X." in read(form)
    shown = fields(form)
    assert "Text for X" in shown
    assert "Text for Instagram" not in shown
    kept = form["state"]["values"]
    assert kept["text"]["text"]["value"] == long
    assert kept["notes"]["notes"]["value"] == "Please"
    assert [o["value"] for o in shown["Attached"]["initial_options"]] == [tea]
    refused = world.tom.submit(form, values(**{"text:x": "b" * 300}))
    assert refused["errors"]["text:x"].startswith("The text is 20 over the limit of X.")
    world.tom.submit(form, values(**{"text:x": "Spring, short"}))
    world.told(world.tom, SOCIAL, "P-1 is sent for approval")
    card = world.channel_card("P-1")
    assert "Text for X\nSpring, short" in read(card)
    assert "X *267*" in read(card)
    assert pictures(card) == [(tea, "Tea")]


def test_what_is_drafted_too_long_has_the_field_when_it_is_edited(world: World) -> None:
    world.set_up(world.ines, networks=NETWORKS)
    code = world.draft(world.tom, "a" * 290)
    form = edit_form(world, code)
    assert "X takes 280 characters; the text above is 10 over." in read(form)
    world.tom.submit(form, values(when_saved="send", **{"text:x": "Short"}))
    assert "Text for X\nShort" in read(world.channel_card(code))
    shown = fields(edit_form(world, code))
    assert shown["Text for X"]["initial_value"] == "Short"


def test_each_network_is_previewed_as_it_would_count_and_cut(world: World) -> None:
    world.set_up(world.ines, networks=NETWORKS)
    link = "https://larkfield.example/a-very-long-way-to-our-spring-page"
    text = f"{'a' * 250} #spring @larkfield <!channel>"
    code = world.draft(world.tom, text, link=link)
    post = world.open(world.tom, world.dm_card(world.tom, code))
    shown = preview_of(world.tom, post, f"x:{1}", f"{code} on X")
    said = read(shown)
    assert "of 280 characters" in said
    assert "too many: what is struck through doesn't fit" in said
    assert "Hashtags (1): #spring" in said
    assert "Mentions (1): @larkfield" in said
    assert "It is part of the text, and counts." in said
    world.tom.close(shown)
    post = wait_until(lambda: opened(world.tom), "Open is on top")
    shown = preview_of(world.tom, post, "instagram:1", f"{code} on Instagram")
    assert "280 of 2,200 characters" in read(shown)
    assert "Instagram makes no links" in read(shown)
    world.tom.close(shown)
    post = wait_until(lambda: opened(world.tom), "Open is on top")
    shown = preview_of(world.tom, post, "bluesky:1", f"{code} on Bluesky")
    assert "280 of 300 characters" in read(shown)
    assert "It goes beside the text, and doesn't count." in read(shown)


@pytest.mark.parametrize("sent", [True, False])
def test_images_that_a_network_refuses_are_said_at_their_field(world: World, sent: bool) -> None:
    world.set_up(world.ines, networks=("x", "bluesky"))
    files = [world.tom.upload(f"{n}.png", size=2 * MEGABYTE, alt="A") for n in range(5)]
    when = "send" if sent else "keep"
    typed = values(text="Tea", notes="Please", when_saved=when, **{"files:0": files})
    done = world.tom.submit(form_for(world.tom), typed)
    if sent:
        assert done["errors"]["files:0"].startswith("X takes 4 images. Bluesky takes 4 images.")
        view = world.tom.view()
        assert view is not None
        assert view["state"]["values"]["notes"]["notes"]["value"] == "Please"
    else:
        card = read(world.dm_card(world.tom, "P-1"))
        assert "larger than the 1 MB that Bluesky takes" in card


def test_a_file_that_was_deleted_meanwhile(world: World) -> None:
    world.set_up(world.ines)
    world.forgiven += ["file_deleted", "invalid_blocks", "invalid_arguments"]
    gone, tea = world.tom.upload("gone.png"), world.tom.upload("tea.png", alt="Tea")
    form = form_for(world.tom)
    world.tom.delete_file(gone)
    refused = world.tom.submit(form, values(text="Tea", **{"files:0": [gone, tea]}))
    assert refused["errors"]["files:0"].startswith("“gone.png” was deleted in Slack.")
    world.tom.submit(form, values(**{"files:0": [tea]}))
    world.settle()
    world.tom.delete_file(tea)
    card = world.dm_card(world.tom, "P-1")
    world.tom.click(card, "Send for approval")
    card = world.channel_card("P-1")
    assert "🖼️ Tea (no longer in Slack)" in read(card)
    assert labels(card) == ["Open", "Approve", "Request changes", "Reject"]
    assert "(no longer in Slack)" in read(world.open(world.ines, card))
    form = edit_form(world, "P-1")
    refused = world.tom.submit(form, values(text="Other"))
    assert refused["errors"]["attached"].startswith("“tea.png (1 KB)” was deleted in Slack.")


def test_a_form_takes_no_large_file_and_a_message_is_said_so(world: World) -> None:
    world.set_up(world.ines)
    large = world.tom.upload("film.mp4", size=60 * MEGABYTE)
    with pytest.raises(NotPossible, match="larger than 10 MB"):
        world.tom.submit(form_for(world.tom), values(text="Film", **{"files:0": [large]}))
    form = from_message(world, large)
    assert fields(form)["Attached"]["initial_options"][0]["text"]["text"] == "film.mp4 (60 MB)"
    refused = world.tom.submit(form, values(text="Film"))
    assert refused["errors"]["attached"].startswith("“film.mp4” is 60 MB; what is attached here")
    world.tom.submit(form, values(attached=[], link="https://drive.google.com/file/d/1"))
    world.told(world.tom, SOCIAL, "P-1 is saved.")


def from_message(world: World, *files: str, text: str = "") -> Json:
    ts = world.tom.share(SOCIAL, *files, text=text)
    message = next(m for m in world.tom.messages(SOCIAL) if m["ts"] == ts)
    world.tom.shortcut("draft:from_message", message)
    return world.tom.wait_for_view("New draft")


def test_thirty_images_are_too_many(world: World) -> None:
    world.set_up(world.ines)
    files = [world.tom.upload(f"{n}.png", alt=f"{n}") for n in range(30)]
    form = form_for(world.tom)
    with pytest.raises(NotPossible, match="Choose at most 10 files"):
        world.tom.submit(form, values(text="Many", **{"files:0": files}))
    world.tom.close(form)
    form = from_message(world, *files, text="Look at these")
    assert "The message has 30 files; a post can have 20" in read(form)
    assert len(fields(form)["Attached"]["initial_options"]) == 20
    refused = world.tom.submit(form, values(**{"files:0": files[20:]}))
    assert refused["errors"]["files:0"].startswith("These are 30 images and files")
    still = world.tom.view()
    assert still is not None
    assert still["id"] == form["id"]


def test_the_files_of_a_message_are_taken_over(world: World) -> None:
    world.set_up(world.ines)
    world.forgiven.append("file_not_found")
    tea = world.tom.upload("tea.png", alt="Tea")
    form = from_message(world, tea, text="Spring with @Lea")
    assert [o["value"] for o in fields(form)["Attached"]["initial_options"]] == [tea]
    assert "Lea Brandt was a mention in Slack." in read(form)
    world.tom.submit(form)
    world.told(world.tom, SOCIAL, "P-1 is saved.")
    assert pictures(world.dm_card(world.tom, "P-1")) == [(tea, "Tea")]


def test_files_where_the_bot_is_not_are_left_behind(world: World) -> None:
    world.set_up(world.ines)
    world.forgiven.append("file_not_found")
    tea = world.maya.upload("tea.png")
    ts = world.maya.share("C0GENERAL", tea, text="Look")
    message = next(m for m in world.maya.messages("C0GENERAL") if m["ts"] == ts)
    world.maya.shortcut("draft:from_message", message)
    form = world.maya.wait_for_view("New draft")
    assert "A file of the message can't be taken over" in read(form)
    assert "Attached" not in fields(form)


def test_hostile_names_alt_texts_and_links_stay_words(world: World) -> None:
    world.set_up(world.ines)
    evil = "<!channel> *b* `c` \u202e &lt;!here&gt; @here"
    tea = world.tom.upload(f"{evil}.png")
    link = "https://a.example/<!channel>?&lt;!here&gt;|x"
    typed = values(text="Tea", link=link, when_saved="send", **{"files:0": [tea]})
    world.tom.submit(form_for(world.tom), typed)
    say_alt(world.tom, evil)
    world.told(world.tom, SOCIAL, "P-1 is sent")
    card = world.channel_card("P-1")
    assert pictures(card)[0][1].startswith("<!channel> *b*")
    assert {"type": "link", "url": link} in [
        {key: e[key] for key in ("type", "url")}
        for block in card["blocks"]
        if block["type"] == "rich_text"
        for line in block["elements"]
        for e in line["elements"]
        if e["type"] == "link"
    ]


def test_an_approvers_edit_may_change_the_image(world: World) -> None:
    world.set_up(world.ines)
    tea, cake = world.tom.upload("tea.png", alt="Tea"), world.ines.upload("cake.png", alt="Cake")
    typed = values(text="Tea", when_saved="send", **{"files:0": [tea]})
    world.tom.submit(form_for(world.tom), typed)
    world.settle()
    post = world.open(world.ines, world.dm_card(world.ines, "P-1"))
    world.ines.click_view(post, "Edit and approve")
    form = world.ines.wait_for_view("Edit and approve")
    world.ines.submit(form, values(attached=[], **{"files:0": [cake]}))
    card = world.dm_card(world.tom, "P-1")
    assert pictures(card) == [(cake, "Cake")]
    told = read(world.tom.wait_for_dm("edited and approved"))
    assert "Added: “cake.png”" in told
    assert "Taken out: “tea.png”" in told
