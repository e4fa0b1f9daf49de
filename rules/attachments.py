"""What is attached to a post: images and files from Slack, links to Drive and Canva."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from rules.networks import Network
from rules.refused import Refused

ATTACHMENTS_LIMIT = 20
# X takes 1,000 characters (docs.x.com, "Create media metadata"), the fewest of those that say.
ALT_LIMIT = 1000
NAME_LIMIT = 255
MEGABYTE = 1_000_000
# Reviewers look at it on a phone; what is larger is better kept in Drive, and linked.
FILE_LIMIT = 50 * MEGABYTE


class Kind(StrEnum):
    """What an attachment is. A Drive or Canva link is never looked into."""

    IMAGE = "image"
    FILE = "file"
    DRIVE = "drive"
    CANVA = "canva"


class AttachmentRefusal(StrEnum):
    """Why something can't be attached, or can't be sent as it is."""

    GONE = "attachment_gone"
    OUT_OF_REACH = "attachment_out_of_reach"
    TOO_LARGE = "attachment_too_large"
    TOO_MANY = "attachments_too_many"
    IMAGES_UNFIT = "images_unfit"
    ALT_TOO_LONG = "alt_too_long"


@dataclass(frozen=True, slots=True)
class Attachment:
    """An image, a file or a link. `file_id` is Slack's, None for a link; `url` is None for an
    image or a file. `size` is in bytes, `width` and `height` in pixels, 0 where nobody knows.
    """

    kind: Kind
    name: str
    file_id: str | None = None
    url: str | None = None
    mime: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    alt: str = ""

    @property
    def key(self) -> str:
        """What tells it from the others of its version."""
        return self.file_id or self.url or self.name

    @property
    def lacks_alt(self) -> bool:
        """Whether those who don't see the image are told nothing."""
        return self.kind is Kind.IMAGE and not self.alt.strip()


@dataclass(frozen=True, slots=True)
class Rule:
    """The images a network takes: how many, how large (bytes; `largest_gif` where a GIF may be
    larger), in which formats. Without a source it is not `verified` and only warns."""

    most: int
    largest: int
    formats: frozenset[str]
    verified: bool
    largest_gif: int = 0


class Unfit(StrEnum):
    """What is wrong with the images for one network."""

    COUNT = "count"
    SIZE = "size"
    FORMAT = "format"


@dataclass(frozen=True, slots=True)
class Misfit:
    """What a network wouldn't take. `name` is the image's; `most` is how many images, or how
    many bytes, it takes."""

    network: Network
    unfit: Unfit
    verified: bool
    name: str = ""
    most: int = 0
    formats: frozenset[str] = frozenset()


_JPEG, _PNG, _GIF, _WEBP = "image/jpeg", "image/png", "image/gif", "image/webp"
_COMMON = frozenset({_JPEG, _PNG, _GIF})

# A blog and "other" take what they take.
RULES: Mapping[Network, Rule] = {
    # docs.x.com/x-api/media/quickstart/best-practices: 4 photos; 5 MB, an animated GIF 15 MB.
    Network.X: Rule(4, 5 * MEGABYTE, _COMMON | {_WEBP}, True, largest_gif=15 * MEGABYTE),
    # github.com/bluesky-social/atproto, lexicons/app/bsky/embed/images.json: 4 of 1,000,000
    # bytes, of any format.
    Network.BLUESKY: Rule(4, 1_000_000, frozenset(), True),
    # developers.facebook.com, Instagram Platform, IG User media, "Image specifications", and
    # Content Publishing, "Carousel posts".
    Network.INSTAGRAM: Rule(10, 8 * MEGABYTE, frozenset({_JPEG}), True),
    # developers.facebook.com/documentation/threads, "Image specifications" and "Carousel posts".
    Network.THREADS: Rule(20, 8 * MEGABYTE, frozenset({_JPEG, _PNG}), True),
    # Mastodon's MediaAttachment: 16 MB, and four to a status; a server may differ.
    Network.MASTODON: Rule(4, 16 * MEGABYTE, frozenset(), False),
    # LinkedIn's Images API names the formats, MultiImage 2 to 20 images; no page names a size.
    Network.LINKEDIN: Rule(20, 8 * MEGABYTE, _COMMON, False),
    # developers.tiktok.com/doc/content-posting-api-reference-photo-post names 35; third parties
    # the rest.
    Network.TIKTOK: Rule(35, 20 * MEGABYTE, frozenset({_JPEG, _WEBP}), False),
    # Third parties only.
    Network.FACEBOOK: Rule(10, 10 * MEGABYTE, _COMMON | {_WEBP}, False),
    Network.PINTEREST: Rule(5, 20 * MEGABYTE, _COMMON | {_WEBP}, False),
    Network.REDDIT: Rule(20, 20 * MEGABYTE, _COMMON, False),
}


def images(attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """The images among them, in their order."""
    return tuple(one for one in attachments if one.kind is Kind.IMAGE)


def lacking_alt(attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """The images that nobody has described yet."""
    return tuple(one for one in attachments if one.lacks_alt)


def design_link(address: str) -> Attachment | None:
    """A Drive or Canva link as an attachment, None for any other address."""
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if host in ("drive.google.com", "docs.google.com"):
        return Attachment(Kind.DRIVE, "Google Drive", url=address)
    if host in ("canva.com", "canva.link"):
        return Attachment(Kind.CANVA, "Canva", url=address)
    return None


def described(attachments: Iterable[Attachment], alts: Mapping[str, str]) -> tuple[Attachment, ...]:
    """The same with these alt texts, by key; what is not named keeps its own.

    Raises Refused(ALT_TOO_LONG).
    """
    for alt in alts.values():
        if len(alt) > ALT_LIMIT:
            raise Refused(AttachmentRefusal.ALT_TOO_LONG, limit=ALT_LIMIT)
    return tuple(replace(one, alt=alts.get(one.key, one.alt).strip()) for one in attachments)


def check_attachable(attachments: tuple[Attachment, ...], field: str = "files") -> None:
    """What a draft may carry at all. Raises Refused at `field`: TOO_MANY, TOO_LARGE."""
    if len(attachments) > ATTACHMENTS_LIMIT:
        count = len(attachments)
        raise Refused(AttachmentRefusal.TOO_MANY, field=field, count=count, limit=ATTACHMENTS_LIMIT)
    large = next((one for one in attachments if one.size > FILE_LIMIT), None)
    if large is not None:
        raise Refused(
            AttachmentRefusal.TOO_LARGE,
            field=field,
            name=large.name,
            size=large.size,
            limit=FILE_LIMIT,
        )


def misfits(attachments: Iterable[Attachment], networks: Iterable[Network]) -> tuple[Misfit, ...]:
    """What each network wouldn't take of the images; of many too large ones, the first."""
    shown = images(attachments)
    found: list[Misfit] = []
    for network in networks:
        rule = RULES.get(network)
        if rule is not None:
            found += _misfits(shown, network, rule)
    return tuple(found)


def check_images(attachments: Iterable[Attachment], networks: Iterable[Network]) -> None:
    """Raises Refused(IMAGES_UNFIT) at `files` where a network would surely refuse the images."""
    certain = tuple(one for one in misfits(attachments, networks) if one.verified)
    if certain:
        raise Refused(AttachmentRefusal.IMAGES_UNFIT, field="files", misfits=certain)


def _misfits(shown: tuple[Attachment, ...], network: Network, rule: Rule) -> list[Misfit]:
    found = []
    if len(shown) > rule.most:
        found.append(Misfit(network, Unfit.COUNT, rule.verified, most=rule.most))
    unknown = next((one for one in shown if rule.formats and one.mime not in rule.formats), None)
    if unknown is not None:
        found.append(
            Misfit(network, Unfit.FORMAT, rule.verified, unknown.name, formats=rule.formats)
        )
    for one in shown:
        most = rule.largest_gif if rule.largest_gif and one.mime == _GIF else rule.largest
        if one.size > most:
            found.append(Misfit(network, Unfit.SIZE, rule.verified, one.name, most))
            break
    return found
