"""The small parts that cards and views are drawn from. Pure: values in, blocks out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    InputBlock,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    RichTextBlock,
    SectionBlock,
)
from slack_sdk.models.blocks.block_elements import (
    InputInteractiveElement,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextQuoteElement,
    RichTextSectionElement,
)
from slack_sdk.models.views import View

from handlers.ids import Action, Form
from rules.diff import Kind, Piece
from rules.networks import Network
from rules.slack_text import escape
from rules.text_length import beginning

EXCERPT = 80
NOTIFICATION = 150
_STYLES = {
    Kind.SAME: None,
    Kind.GONE: RichTextElementParts.TextStyle(strike=True),
    Kind.NEW: RichTextElementParts.TextStyle(bold=True),
}
_NO_FORMAT = str.maketrans("", "", "*_~`")


def excerpt(text: str, length: int = EXCERPT) -> str:
    """The beginning of a text on one line, cut between words where that is near its end."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = beginning(line, length - 1)
    last = len(cut) if line[len(cut)] == " " else cut.rfind(" ")
    return (cut[:last] if last > length * 3 // 4 else cut).rstrip() + "…"


def name(said: str) -> str:
    """A person's name, to stand in mrkdwn: it mentions nobody and formats nothing; one that is made
    of such signs alone stays, because a sentence needs a name."""
    return escape(said.translate(_NO_FORMAT).strip() or said)


def button(
    action: Action,
    label: str,
    value: object,
    *,
    style: str | None = None,
    says: str = "",
    asks: str = "",
) -> ButtonElement:
    """A button. `says` is its name for screen readers, where the label alone is ambiguous; `asks`
    is what to think of before the click counts.
    """
    return ButtonElement(
        action_id=action,
        text=PlainTextObject(text=label, emoji=False),
        value=str(value),
        style=style,
        accessibility_label=says[:75] or None,
        confirm=_confirm(label, asks) if asks else None,
    )


def _confirm(label: str, asks: str) -> ConfirmObject:
    return ConfirmObject(
        title=label, text=PlainTextObject(text=excerpt(asks, 300)), confirm=label, deny="Leave it"
    )


def row(*buttons: ButtonElement) -> list[Block]:
    """A row of buttons; none when there are none."""
    return [ActionsBlock(elements=list(buttons))] if buttons else []


def line(mrkdwn: str, beside: ButtonElement | None = None) -> SectionBlock:
    """A line of our own words, with a button beside it."""
    return SectionBlock(text=MarkdownTextObject(text=mrkdwn), accessory=beside)


def lines(mrkdwn: Sequence[str]) -> list[Block]:
    """Lines of our own words, one below the other."""
    return [line(text) for text in mrkdwn if text]


def small(*mrkdwn: str) -> list[Block]:
    """Lines in small print; empty ones are left out."""
    said = [MarkdownTextObject(text=text) for text in mrkdwn if text]
    return [ContextBlock(elements=said)] if said else []


def small_lines(mrkdwn: Sequence[str]) -> list[Block]:
    """Lines in small print, one below the other; the elements of one block stand side by side."""
    return [block for text in mrkdwn for block in small(text)]


def plain(*texts: str) -> list[Block]:
    """Lines in small print with people's words in them, shown as typed."""
    said = [PlainTextObject(text=text, emoji=False) for text in texts if text]
    return [ContextBlock(elements=said)] if said else []


def in_short(text: str) -> list[Block]:
    """The beginning of a person's text in small print, shown as typed."""
    return plain(excerpt(text))


def quoted(text: str) -> list[Block]:
    """A person's text, set off, and shown as typed: nothing in it is formatted or mentions."""
    return _typed(RichTextQuoteElement, text)


def typed(text: str) -> list[Block]:
    """A person's text, shown as typed."""
    return _typed(RichTextSectionElement, text)


def _typed(element: Any, text: str) -> list[Block]:
    parts: list[RichTextElement] = [RichTextElementParts.Text(text=text)]
    return [RichTextBlock(elements=[element(elements=parts)])] if text else []


def bullets(lines: Sequence[tuple[str, str]]) -> RichTextElement:
    """What several people said, below one another and as typed, each after a name in bold."""
    bold = RichTextElementParts.TextStyle(bold=True)
    sections: list[RichTextElement] = []
    for named, text in lines:
        parts: list[RichTextElement] = [
            RichTextElementParts.Text(text=named, style=bold),
            RichTextElementParts.Text(text=f"  {text}"),
        ]
        sections.append(RichTextSectionElement(elements=parts))
    return RichTextListElement(style="bullet", elements=sections)


def bold(text: str) -> RichTextElement:
    """A line of somebody's in bold, as typed."""
    style = RichTextElementParts.TextStyle(bold=True)
    return RichTextSectionElement(elements=[RichTextElementParts.Text(text=text, style=style)])


def address(url: str) -> list[Block]:
    """A web address to follow, as it was typed."""
    section = RichTextSectionElement(elements=[RichTextElementParts.Link(url=url)])
    return [RichTextBlock(elements=[section])]


def changes(pieces: Sequence[Piece]) -> list[Block]:
    """What changed in a text: what is gone is struck through, what is new is bold."""
    if not pieces:
        return []
    parts: list[RichTextElement] = []
    for number, piece in enumerate(pieces):
        if number and _run_together(pieces[number - 1], piece):
            parts.append(RichTextElementParts.Text(text=" "))
        parts.append(RichTextElementParts.Text(text=piece.text, style=_STYLES[piece.kind]))
    return [RichTextBlock(elements=[RichTextQuoteElement(elements=parts)])]


def _run_together(gone: Piece, new: Piece) -> bool:
    """Whether a word would stand right behind the one that it replaces."""
    is_change = (gone.kind, new.kind) == (Kind.GONE, Kind.NEW)
    return is_change and gone.text[-1].isalnum() and new.text[0].isalnum()


def field(
    name: str,
    label: str,
    element: InputInteractiveElement,
    *,
    optional: bool = False,
    hint: str = "",
) -> InputBlock:
    """One input of a form. `element` carries `name` as its action id."""
    return InputBlock(
        block_id=name,
        label=PlainTextObject(text=label, emoji=False),
        element=element,
        optional=optional,
        hint=PlainTextObject(text=hint, emoji=False) if hint else None,
    )


def option(value: str, label: str) -> Option:
    """One choice; what is longer than Slack shows is cut."""
    return Option(value=value, text=PlainTextObject(text=excerpt(label, 75) or value, emoji=False))


def network_options(networks: Sequence[Network]) -> list[Option]:
    """Networks to choose from."""
    return [option(network, network.label) for network in networks]


def network_names(networks: Sequence[Network]) -> str:
    """Networks in a row."""
    return ", ".join(network.label for network in networks)


def form(
    callback: Form, title: str, submit: str, memory: dict[str, Any], blocks: Sequence[Block]
) -> View:
    """A modal to fill in. `memory` comes back with it."""
    return View(
        type="modal",
        callback_id=callback,
        title=title,
        submit=submit,
        close="Cancel",
        private_metadata=json.dumps(memory),
        blocks=list(blocks),
    )


def sheet(
    callback: Form, title: str, blocks: Sequence[Block], memory: dict[str, Any] | None = None
) -> View:
    """A modal to read."""
    return View(
        type="modal",
        callback_id=callback,
        title=title,
        close="Close",
        private_metadata=json.dumps(memory or {}),
        blocks=list(blocks),
    )


def note(title: str, text: str, *, ends: bool = False) -> View:
    """A modal that says one thing. With `ends`, what lies below it is closed with it."""
    view = sheet(Form.NOTE, title, [line(escape(text))])
    view.clear_on_close = ends
    return view
