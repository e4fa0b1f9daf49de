"""The fields that a post's content is written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, InputBlock
from slack_sdk.models.blocks.block_elements import (
    FileInputElement,
    PlainTextInputElement,
    StaticMultiSelectElement,
)

from handlers import draw
from handlers.contents import words
from handlers.ids import Field, part
from rules.contents import Content, over_limits
from rules.drafting import TEXT_LIMIT
from rules.networks import LIMITS, Network

# https://docs.slack.dev/reference/block-kit/block-elements/file-input-element/
_FILES_AT_ONCE = 10
_LINKS_LENGTH = 3000


def content_inputs(
    content: Content, networks: Sequence[Network], memory: Mapping[str, Any]
) -> list[Block]:
    """Text, networks, link and files, and a text for each network that has its own or needs it.

    `memory["round"]` counts how often the form was shown anew: then files that were chosen are
    listed under Attached, and the field for new ones has to be another one, to be empty.
    """
    return [
        draw.field(
            Field.TEXT,
            "Text",
            PlainTextInputElement(
                action_id=Field.TEXT,
                multiline=True,
                max_length=TEXT_LIMIT,
                initial_value=content.text or None,
                placeholder="What the post says",
            ),
        ),
        *_own_texts(content),
        draw.field(
            Field.NETWORKS,
            "Networks",
            StaticMultiSelectElement(
                action_id=Field.NETWORKS,
                options=draw.network_options(networks),
                initial_options=draw.network_options(content.networks) or None,
            ),
        ),
        *_attached(content),
        _files(memory.get("round", 0)),
        _link(content),
    ]


def _own_texts(content: Content) -> list[InputBlock]:
    over = over_limits(content)
    common = over_limits(Content(content.text, content.networks, link=content.link))
    return [
        draw.field(
            part(Field.TEXT, network),
            f"Text for {network.label}",
            PlainTextInputElement(
                action_id=part(Field.TEXT, network),
                multiline=True,
                max_length=TEXT_LIMIT,
                initial_value=content.texts.get(network) or None,
            ),
            optional=True,
            hint=words.own_text_hint(network, _limit(network), common.get(network, 0)),
        )
        for network in content.networks
        if network in content.texts or network in over
    ]


def _limit(network: Network) -> int | None:
    limits = LIMITS[network]
    return limits[0].most if limits else None


def _attached(content: Content) -> list[InputBlock]:
    options = [
        draw.option(one.file_id, words.option(one.name, one.size))
        for one in content.attachments
        if one.file_id is not None
    ]
    if not options:
        return []
    chosen = StaticMultiSelectElement(
        action_id=Field.ATTACHED, options=options, initial_options=options
    )
    return [draw.field(Field.ATTACHED, "Attached", chosen, optional=True, hint=words.ATTACHED_HINT)]


def _files(shown_before: int) -> InputBlock:
    field = part(Field.FILES, shown_before)
    element = FileInputElement(action_id=field, max_files=_FILES_AT_ONCE)
    return draw.field(
        field,
        "Images and files",
        element,
        optional=True,
        hint=words.FILES_HINT,
    )


def _link(content: Content) -> InputBlock:
    addresses = [content.link] if content.link else []
    addresses += [one.url for one in content.attachments if one.url is not None]
    shown = ""
    for address in addresses:  # what doesn't fit whole would come back as a broken link
        if len(shown) + len(address) < _LINKS_LENGTH:
            shown = f"{shown}\n{address}".strip()
    element = PlainTextInputElement(
        action_id=Field.LINK,
        multiline=True,
        max_length=_LINKS_LENGTH,
        initial_value=shown or None,
        placeholder="https://",
    )
    return draw.field(Field.LINK, "Link", element, optional=True, hint=words.LINK_HINT)
