"""The sentences of what a post is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from handlers.words import Sentence, in_a_row
from rules.attachments import MEGABYTE, AttachmentRefusal, Misfit, Unfit
from rules.networks import Network, Unit
from rules.previews import INSTAGRAM_HASHTAGS, INSTAGRAM_MENTIONS, NO_LINKS, Preview

ALT_TITLE = "Alt text of"
NO_NAME = "without a name"
ALT_HINT = "For people who don't see the image: what it shows, in a sentence or two."
FILES_HINT = "Up to 10 at a time, of 10 MB each. What is larger: paste its Drive link under Link."
LINK_HINT = "Where the post leads. A Drive or Canva link, on a line of its own, is attached."
ATTACHED_HINT = "Take out what the post should not have."

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WebP"}
_MISFITS_SHOWN = 3
_NAMES_SHOWN = 3
_NAME_LENGTH = 60


def short(name: str) -> str:
    """A file's name as it stands in a sentence: on one line, its ending in sight."""
    line = " ".join(name.split()) or NO_NAME
    return line if len(line) <= _NAME_LENGTH else f"{line[:40]}…{line[-15:]}"


def quoted(name: str) -> str:
    """A file's name set off from our words."""
    return f"“{short(name)}”"


def size(number_of_bytes: int) -> str:
    """A size as people say it: 2.3 MB."""
    if number_of_bytes < MEGABYTE:
        return f"{max(1, number_of_bytes // 1000):,} KB"
    return f"{number_of_bytes / MEGABYTE:.1f}".removesuffix(".0") + " MB"


def option(name: str, number_of_bytes: int) -> str:
    """A file as a choice."""
    return f"{short(name)} ({size(number_of_bytes)})"


def misfit(found: Misfit) -> str:
    """What one network wouldn't take."""
    network = found.network.label
    if found.unfit is Unfit.COUNT:
        said = f"{network} takes {found.most} images"
    elif found.unfit is Unfit.SIZE:
        said = f"{quoted(found.name)} is larger than the {size(found.most)} that {network} takes"
    else:
        formats = [_FORMATS[one] for one in _FORMATS if one in found.formats]
        said = f"{quoted(found.name)} is not in a format that {network} takes"
        said += f" ({', '.join(formats)})"
    return said if found.verified else f"{said}, as far as we know"


def misfits(found: Sequence[Misfit]) -> str:
    """What the networks wouldn't take, in one go; empty when there is nothing."""
    if not found:
        return ""
    said = ". ".join(misfit(one) for one in found[:_MISFITS_SHOWN])
    more = len(found) - _MISFITS_SHOWN
    return f"{said}. And {more} more like this." if more > 0 else f"{said}."


def lacking_alt(names: Sequence[str]) -> str:
    """Which images nobody has described; empty when there are none."""
    if not names:
        return ""
    said = ", ".join(quoted(name) for name in names[:_NAMES_SHOWN])
    more = len(names) - _NAMES_SHOWN
    return f"No alt text yet: {said}" + (f" and {more} more" if more > 0 else "")


def describe_first(code: str, send: bool) -> str:
    """Above the alt texts that are asked for once a post with images is saved."""
    if send:
        return (
            f"{code} is saved, and is sent when you go on. Say what its images show; what you"
            " leave empty is sent with a warning."
        )
    return f"{code} is saved. Say what its images show; you can also do that later."


def handles_needed(names: Sequence[str]) -> str:
    """Where people were mentioned in Slack: no network knows them by that name."""
    said = ", ".join(short(name) for name in names[:_NAMES_SHOWN])
    more = len(names) - _NAMES_SHOWN
    said += f" and {more} more" if more > 0 else ""
    was = "was a mention" if len(names) == 1 else "were mentions"
    return f"{said} {was} in Slack. To mention somebody in the post, write their handle there."


def more_in_open(networks: Sequence[Network], attachments: int) -> str:
    """What a line in a list doesn't show of a post; empty where it shows all."""
    said = [f"its own text for {network.label}" for network in networks]
    if attachments > 0:
        one = attachments == 1
        said.append("one more attachment" if one else f"{attachments} more attachments")
    return f"In Open: {in_a_row(said)}" if said else ""


def left_behind(count: int) -> str:
    """Where a message has files that we can't take over."""
    what = "A file of the message" if count == 1 else f"{count} files of the message"
    return (
        f"{what} can't be taken over: deleted, or in a channel without Copydesk. Add what you need"
        " below."
    )


def only_some(count: int, limit: int) -> str:
    """Where a message has more files than a post can have."""
    return f"The message has {count} files; a post can have {limit}, so the first ones are taken."


def too_long(over: Mapping[Network, int]) -> str:
    """Above the form that offers texts for single networks."""
    names = ", ".join(network.label for network in over)
    return f"Too long for {names}. Shorten the text, or write one for {names} alone below it."


def own_text_hint(network: Network, limit: int | None, over: int) -> str:
    """Below the field for one network's text."""
    if limit is None:
        return "Left empty, it gets the text above."
    said = f"{network.label} takes {limit:,} characters"
    if over:
        return f"{said}; the text above is {over:,} over."
    return f"{said}. Left empty, it gets the text above."


def preview_on(network: Network) -> str:
    """A choice of the menu Preview, which goes on showing it once it was chosen."""
    return f"Preview on {network.label}"


def counted(found: Preview) -> str:
    """What the network counts of a text."""
    room = found.room
    unit = "bytes" if room.unit is Unit.BYTES else "characters"
    if room.limit is None:
        return f"{room.used:,} {unit}; no limit is known"
    said = f"{room.used:,} of {room.limit:,} {unit}"
    if room.over:
        said += f", {room.over:,} too many: what is struck through doesn't fit"
    return said if room.verified else f"{said} (as far as we know)"


def tags(found: Preview) -> str:
    """The hashtags and mentions of a text; empty without any."""
    said = []
    if found.hashtags:
        said.append(f"Hashtags ({len(found.hashtags)}): {' '.join(found.hashtags)}")
    if found.mentions:
        said.append(f"Mentions ({len(found.mentions)}): {' '.join(found.mentions)}")
    return "\n".join(said)


def tag_trouble(found: Preview) -> str:
    """Where there are more of them than Instagram takes; empty elsewhere."""
    if found.network is not Network.INSTAGRAM:
        return ""
    if len(found.hashtags) > INSTAGRAM_HASHTAGS:
        return f"Instagram takes {INSTAGRAM_HASHTAGS} hashtags."
    if len(found.mentions) > INSTAGRAM_MENTIONS:
        return f"Instagram takes {INSTAGRAM_MENTIONS} mentions."
    return ""


def link_fate(found: Preview) -> str:
    """What the network does with the post's link."""
    if found.network in NO_LINKS:
        return f"{found.network.label} makes no links of addresses in a text."
    if found.link and (found.link in found.fits + found.cut):
        return "It is part of the text, and counts."
    return "It goes beside the text, and doesn't count."


def _lost(gone: bool) -> Sentence:
    def say(values: Mapping[str, object], reader: object) -> str:
        name = quoted(str(values["name"])) if values.get("name") else "One of the files"
        if gone:
            return f"{name} was deleted in Slack. Take it out, or add it again from your device."
        return (
            f"Copydesk can't see {name} in Slack. Take it out, and add it again from your device."
        )

    return say


SENTENCES: Mapping[StrEnum, Sentence] = {
    AttachmentRefusal.GONE: _lost(True),
    AttachmentRefusal.OUT_OF_REACH: _lost(False),
    AttachmentRefusal.TOO_LARGE: lambda v, r: (
        f"{quoted(v['name'])} is {size(v['size'])}; what is attached here can be"
        f" {size(v['limit'])}. Take it out, put it on Drive and paste its link under Link."
    ),
    AttachmentRefusal.TOO_MANY: lambda v, r: (
        f"These are {v['count']} images and files; a post can have {v['limit']}. Take some out."
    ),
    AttachmentRefusal.IMAGES_UNFIT: lambda v, r: (
        f"{misfits(v['misfits'])} Change the images or the networks to send it, or keep it as"
        " your draft."
    ),
    AttachmentRefusal.ALT_TOO_LONG: lambda v, r: (
        f"An alt text can be {v['limit']:,} characters long."
    ),
}
