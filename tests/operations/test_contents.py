"""Images, links and own texts: kept with the version, and part of what is approved."""

from dataclasses import replace

import pytest

from operations import drafts, posts, reviews
from operations.drafts import DraftForm
from rules.attachments import MEGABYTE, Attachment, AttachmentRefusal, Kind
from rules.contents import Content
from rules.networks import Network
from rules.posts import PostRefusal, Status
from rules.refused import Refused
from rules.reviews import Verdict
from tests.newsroom import NOW, TEAM, Newsroom

TEA = Attachment(Kind.IMAGE, "tea \u202e.png", "F1", mime="image/png", size=9000, width=3, height=2)
DRIVE = Attachment(Kind.DRIVE, "Google Drive", url="https://drive.google.com/1")
BOTH = (Network.X, Network.BLUESKY)
FULL = Content("Tea", BOTH, {Network.X: "T"}, "https://a.example", (TEA, DRIVE))


def many(count: int) -> tuple[Attachment, ...]:
    return tuple(replace(TEA, file_id=f"F{n}") for n in range(count))


def form(team: Newsroom, content: Content, *, send: bool = False, ask: bool = False) -> DraftForm:
    return replace(team.form(send=send), content=content, ask_first=ask)


def test_a_version_keeps_all_of_its_content(team: Newsroom) -> None:
    tom, ines = team.person("tom"), team.person("ines")
    desk = team.desk(ines, ines)
    post = drafts.create(team.store, tom, desk.id, form(team, FULL), NOW).post
    assert posts.content(team.store, TEAM, post.id, 1) == FULL
    with pytest.raises(Refused):
        posts.content(team.store, "T2", post.id, 1)


@pytest.mark.parametrize(
    "changed",
    [
        replace(FULL, link=None),
        replace(FULL, texts={}),
        replace(FULL, attachments=(DRIVE, TEA)),
        replace(FULL, attachments=(TEA,)),
        replace(FULL, attachments=(replace(TEA, alt="Tea"), DRIVE)),
    ],
)
def test_each_part_of_it_voids_an_approval(team: Newsroom, changed: Content) -> None:
    tom, ines = team.person("tom"), team.person("ines")
    desk = team.desk(ines, ines)
    sent = drafts.create(team.store, tom, desk.id, form(team, FULL, send=True), NOW)
    assert sent.review is not None
    reviews.decide(team.store, ines, sent.review.id, Verdict.APPROVE, "", NOW)
    same = drafts.edit(team.store, tom, sent.post.id, 1, form(team, FULL), NOW)
    assert same.post.status is Status.APPROVED
    saved = drafts.edit(team.store, tom, sent.post.id, 1, form(team, changed), NOW)
    assert saved.ended is not None
    assert (saved.post.version, saved.post.status) == (2, Status.DRAFT)
    assert posts.content(team.store, TEAM, sent.post.id, 2) == changed


def test_what_is_asked_first_is_saved_and_not_sent(team: Newsroom) -> None:
    tom, ines = team.person("tom"), team.person("ines")
    desk = team.desk(ines, ines)
    asked = form(team, FULL, send=True, ask=True)
    saved = drafts.create(team.store, tom, desk.id, asked, NOW)
    assert saved.review is None
    assert saved.post.status is Status.DRAFT
    long = replace(FULL, text="a" * 301)
    with pytest.raises(Refused) as refused:
        drafts.create(team.store, tom, desk.id, form(team, long, send=True, ask=True), NOW)
    assert refused.value.reason is PostRefusal.TOO_LONG_FOR


def test_alt_texts_are_a_new_version_and_sent_with_it(team: Newsroom) -> None:
    tom, ines, lea = team.person("tom"), team.person("ines"), team.person("lea")
    desk = team.desk(ines, ines)
    post = drafts.create(team.store, tom, desk.id, form(team, FULL), NOW).post
    with pytest.raises(Refused) as refused:
        drafts.describe(team.store, lea, post.id, 1, "a", {"F1": "Tea"}, False, NOW)
    assert refused.value.reason is PostRefusal.NOT_YOURS
    for _ in range(2):  # a repeated delivery
        drafts.describe(team.store, tom, post.id, 1, "a", {"F1": "Tea"}, True, NOW)
    shown = posts.show(team.store, TEAM, post.id)
    assert (shown.post.version, shown.post.status) == (2, Status.IN_REVIEW)
    assert [one.alt for one in shown.version.content.attachments] == ["Tea", ""]
    with pytest.raises(Refused) as refused:
        drafts.describe(team.store, tom, post.id, 1, "b", {"F1": "Cake"}, False, NOW)
    assert refused.value.reason is PostRefusal.OLDER_VERSION


def test_nothing_described_is_no_new_version(team: Newsroom) -> None:
    tom, ines = team.person("tom"), team.person("ines")
    desk = team.desk(ines, ines)
    post = drafts.create(team.store, tom, desk.id, form(team, FULL), NOW).post
    sent = drafts.describe(team.store, tom, post.id, 1, "a", {"F1": ""}, True, NOW)
    assert sent.review is not None
    assert (sent.post.version, sent.post.status) == (1, Status.IN_REVIEW)


@pytest.mark.parametrize(
    ("attached", "send", "reason"),
    [
        ((replace(TEA, size=60 * MEGABYTE),), False, AttachmentRefusal.TOO_LARGE),
        (many(30), False, AttachmentRefusal.TOO_MANY),
        (many(5), True, AttachmentRefusal.IMAGES_UNFIT),
    ],
)
def test_what_cannot_be_attached_leaves_nothing_behind(
    team: Newsroom,
    attached: tuple[Attachment, ...],
    send: bool,
    reason: AttachmentRefusal,
) -> None:
    tom, ines = team.person("tom"), team.person("ines")
    desk = team.desk(ines, ines)
    content = replace(FULL, attachments=attached)
    with pytest.raises(Refused) as refused:
        drafts.create(team.store, tom, desk.id, form(team, content, send=send), NOW)
    assert refused.value.reason is reason
    assert refused.value.field == "files"
    assert drafts.create(team.store, tom, desk.id, form(team, FULL), NOW).post.number == 1
