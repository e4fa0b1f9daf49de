"""What may be attached to a post, and what each network takes of its images."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.attachments import (
    ALT_LIMIT,
    ATTACHMENTS_LIMIT,
    FILE_LIMIT,
    MEGABYTE,
    RULES,
    Attachment,
    AttachmentRefusal,
    Kind,
    Unfit,
    check_attachable,
    check_images,
    described,
    design_link,
    lacking_alt,
    misfits,
)
from rules.contents import Content, over_limits, published_text, tidy
from rules.drafting import check_content, check_sendable, read_links
from rules.networks import Network
from rules.posts import PostRefusal
from rules.refused import Refused
from tests.rules.desk_at_work import NOW

TEA = Attachment(Kind.IMAGE, "tea.png", "F1", mime="image/png", size=500_000, alt="Tea")
PHOTO = replace(TEA, name="tea.jpg", mime="image/jpeg")


def many(image: Attachment, count: int) -> tuple[Attachment, ...]:
    return tuple(replace(image, file_id=f"F{n}", name=f"{n}.png") for n in range(count))


@pytest.mark.parametrize(
    ("image", "count", "network", "unfit"),
    [
        (TEA, 4, Network.X, None),
        (TEA, 5, Network.X, Unfit.COUNT),
        (replace(TEA, size=5 * MEGABYTE), 1, Network.X, None),
        (replace(TEA, size=5 * MEGABYTE + 1), 1, Network.X, Unfit.SIZE),
        (replace(TEA, size=15 * MEGABYTE, mime="image/gif"), 1, Network.X, None),
        (replace(TEA, size=15 * MEGABYTE + 1, mime="image/gif"), 1, Network.X, Unfit.SIZE),
        (replace(TEA, mime="image/heic"), 1, Network.X, Unfit.FORMAT),
        (replace(TEA, mime="image/heic"), 1, Network.BLUESKY, None),
        (replace(TEA, size=1_000_001), 1, Network.BLUESKY, Unfit.SIZE),
        (TEA, 1, Network.INSTAGRAM, Unfit.FORMAT),
        (PHOTO, 10, Network.INSTAGRAM, None),
        (PHOTO, 11, Network.INSTAGRAM, Unfit.COUNT),
        (replace(TEA, size=10**9), 20, Network.BLOG, None),
    ],
)
def test_what_a_network_takes(
    image: Attachment, count: int, network: Network, unfit: Unfit | None
) -> None:
    found = misfits(many(image, count), [network])
    assert [one.unfit for one in found] == ([] if unfit is None else [unfit])


def test_only_what_has_a_source_refuses() -> None:
    for network, rule in RULES.items():
        too_many = many(PHOTO, rule.most + 1)
        if rule.verified:
            with pytest.raises(Refused) as refused:
                check_images(too_many, [network])
            assert (refused.value.reason, refused.value.field) == (
                AttachmentRefusal.IMAGES_UNFIT,
                "files",
            )
        else:
            check_images(too_many, [network])
            assert misfits(too_many, [network])


def test_files_and_links_are_no_images() -> None:
    brief = Attachment(Kind.FILE, "brief.pdf", "F9", mime="application/pdf", size=FILE_LIMIT)
    drive = design_link("https://drive.google.com/file/d/1")
    assert drive is not None
    assert misfits([brief, drive] * 10, list(Network)) == ()
    assert lacking_alt([brief, drive, replace(TEA, alt=" ")]) == (replace(TEA, alt=" "),)


@pytest.mark.parametrize(
    ("attached", "reason"),
    [
        (many(TEA, ATTACHMENTS_LIMIT), None),
        (many(TEA, ATTACHMENTS_LIMIT + 1), AttachmentRefusal.TOO_MANY),
        ((replace(TEA, size=FILE_LIMIT),), None),
        ((replace(TEA, size=60 * MEGABYTE),), AttachmentRefusal.TOO_LARGE),
    ],
)
def test_what_a_draft_may_carry(
    attached: tuple[Attachment, ...], reason: AttachmentRefusal | None
) -> None:
    content = Content("Tea", (Network.BLOG,), attachments=attached)
    if reason is None:
        check_attachable(attached)
        check_content(content, content.networks)
        return
    with pytest.raises(Refused) as refused:
        check_content(content, content.networks)
    assert (refused.value.reason, refused.value.field) == (reason, "files")


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://drive.google.com/file/d/1/view", Kind.DRIVE),
        ("https://docs.google.com/presentation/d/1", Kind.DRIVE),
        ("https://www.canva.com/design/DA/edit", Kind.CANVA),
        ("https://canva.link/abc", Kind.CANVA),
        ("https://drive.google.com.evil.example/", None),
        ("https://example.com/?to=canva.com", None),
        ("https://[::1", None),
    ],
)
def test_design_links_are_known_by_their_host(address: str, kind: Kind | None) -> None:
    found = design_link(address)
    assert (found.kind if found else None) is kind


@given(st.text())
def test_no_address_breaks_it(address: str) -> None:
    design_link(address)
    with suppress(Refused):
        read_links(address)


def test_links_are_read_in_any_order() -> None:
    link, drive = "https://a.example/x", "https://drive.google.com/1"
    for typed in (f"{link}\n{drive}", f" {drive} {link} {link}\n"):
        found, attached = read_links(typed)
        assert found == link
        assert [one.url for one in attached] == [drive]
    assert read_links(" \n") == (None, ())
    for typed, reason in (
        (f"{link} https://b.example", PostRefusal.ONE_LINK),
        ("a.example", PostRefusal.NOT_A_LINK),
    ):
        with pytest.raises(Refused) as refused:
            read_links(typed)
        assert (refused.value.reason, refused.value.field) == (reason, "link")


def test_an_alt_text_stays_where_nothing_new_is_said() -> None:
    cake = replace(TEA, file_id="F2", alt="")
    found = described((TEA, cake), {"F2": " A cake "})
    assert [one.alt for one in found] == ["Tea", "A cake"]
    assert [one.alt for one in described((TEA,), {"F1": ""})] == [""]
    with pytest.raises(Refused) as refused:
        described((TEA,), {"F1": "a" * (ALT_LIMIT + 1)})
    assert refused.value.reason is AttachmentRefusal.ALT_TOO_LONG


def test_a_text_of_its_own_is_what_counts_for_a_network() -> None:
    both = (Network.X, Network.BLUESKY)
    long = Content("a" * 290, both)
    assert over_limits(long) == {Network.X: 10}
    own = replace(long, texts={Network.X: "Short"})
    assert over_limits(own) == {}
    check_sendable(own, None, NOW)
    with pytest.raises(Refused) as refused:
        check_sendable(replace(long, texts={Network.X: "b" * 281}), None, NOW)
    assert (refused.value.reason, refused.value.field) == (PostRefusal.TOO_LONG_FOR, "text:x")
    with pytest.raises(Refused) as refused:
        check_content(replace(long, texts={Network.X: "b" * 3001}), both)
    assert (refused.value.reason, refused.value.field) == (PostRefusal.TEXT_TOO_LONG, "text:x")


def test_what_is_the_same_is_kept_the_same() -> None:
    both = (Network.BLUESKY, Network.X)
    texts = {Network.X: "Hello", Network.BLUESKY: " ", Network.BLOG: "Elsewhere"}
    assert tidy(Content("Hello", both, texts)) == Content("Hello", (Network.X, Network.BLUESKY))


@pytest.mark.parametrize(
    ("network", "counts"), [(Network.X, True), (Network.MASTODON, True), (Network.LINKEDIN, False)]
)
def test_a_link_counts_where_it_stands_in_the_text(network: Network, counts: bool) -> None:
    link = "https://larkfield.example/spring"
    content = Content("Tea", (network,), link=link)
    assert (link in published_text(content, network)) is counts
    inside = replace(content, text=f"Tea {link}")
    assert published_text(inside, network) == f"Tea {link}"
    full = replace(content, text="a" * 280)
    assert (Network.X in over_limits(full)) is (network is Network.X)
