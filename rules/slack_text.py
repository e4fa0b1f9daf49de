"""Slack's text and ours: what a person typed in Slack as a network takes it, and back.

Source of the grammar: docs.slack.dev, messaging/formatting-message-text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rules import slack_emoji

_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_ENTITY = re.compile("&(?:amp|lt|gt);")
_CONTROL = re.compile(r"<([^<>\n]+)>")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)")
_PERSON_WHOLE = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^<>\n]*)?>")
_PREFORMATTED = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
_CODE = re.compile(r"(?<![^\W_])(?<!`)`([^`\n]+)`(?!`)(?![^\W_])")
_QUOTE = re.compile(r"^(?:&gt;&gt;&gt;|&gt;) ?", re.MULTILINE)
# Slack formats at the edge of words only: 2*3*4 and snake_case_name stay as they are.
_FORMATS = tuple(
    re.compile(
        rf"(?<![^\W_])(?<!{sign}){sign}(?=\S)([^{sign}\n]+)(?<=\S){sign}(?!{sign})(?![^\W_])"
    )
    for sign in (r"\*", "_", "~")
)
_MASS_MENTION = re.compile(r"(?<!\w)@(?=(?:here|channel|everyone)\b)", re.IGNORECASE)
_WORD_JOINER = "\u2060"
_OPENERS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | {
    "\u2066": "\u2069",
    "\u2067": "\u2069",
    "\u2068": "\u2069",
}


@dataclass(frozen=True, slots=True)
class Converted:
    """A text without Slack's markup, and the names in it that were mentions in Slack."""

    text: str
    mentions: tuple[str, ...]


def clean(text: str) -> str:
    """What can be stored and shown: NUL and half surrogate pairs become U+FFFD, CRLF becomes LF.

    Everything that a person types passes here first.
    """
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")


def escape(text: str) -> str:
    """A person's text as it may stand in mrkdwn, shown as it was typed as far as Slack can.

    `&`, `<` and `>` are escaped, so there is no mention, date, link with a false label or channel
    of theirs; an "@here" is kept apart by a word joiner (no width), in case a client parses bare
    names; what opens a writing direction is closed at the end of its line, so that it doesn't
    reach into our words. `*`, `_`, `~`, a back-tick, `:emoji:` and an address keep their
    meaning: mrkdwn has no way to escape them. Where a text must look as typed (a post's text, a
    comment), use rich_text or plain_text, which need no escaping.
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = _MASS_MENTION.sub(f"@{_WORD_JOINER}", escaped)
    return "\n".join(map(_closed, escaped.split("\n")))


def from_slack(text: str, names: Mapping[str, str] | None = None) -> Converted:
    """The text of a Slack message or command as a network takes it. Never raises.

    `names` are the names of people, channels and groups by their Slack id; without one, the label
    that Slack sent is taken, else the id. Formatting marks go, links become "label address",
    mentions become names without any power, `:tada:` becomes the emoji, entities become
    characters, once. Bullets stay; a custom emoji stays as its name.
    """
    return _Reader(names or {}).read(clean(text))


def mentioned(text: str) -> tuple[str, ...]:
    """The Slack ids of the people whom a text mentions, each once, in order."""
    return tuple(dict.fromkeys(_PERSON.findall(text)))


def without_mentions(text: str) -> str:
    """What a command says besides the people whom it mentions, as it was typed."""
    return " ".join(unescape(_PERSON_WHOLE.sub(" ", text)).split())


def unescape(text: str) -> str:
    """The text of a command that Slack sent with its three entities, as it was typed."""
    return _ENTITY.sub(lambda match: _ENTITIES[match[0]], text)


def _closed(line: str) -> str:
    waiting: list[str] = []
    for character in line:
        if character in _OPENERS:
            waiting.append(_OPENERS[character])
        elif waiting and character == waiting[-1]:
            waiting.pop()
    return line + "".join(reversed(waiting))


class _Reader:
    """Reads one text. What is finished is put aside behind a NUL, which `clean` has banned, so
    that no later step takes an underscore in an address for formatting."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self.mentions: dict[str, None] = {}
        self.aside: list[str] = []

    def read(self, text: str) -> Converted:
        text = _PREFORMATTED.sub(self._put_aside(self._plain), text)
        text = _CODE.sub(self._put_aside(self._plain), text)
        text = _CONTROL.sub(self._put_aside(self._control), text)
        text = slack_emoji.SHORTCODE.sub(self._put_aside(slack_emoji.from_shortcode), text)
        text = unescape(_unformatted(_QUOTE.sub("", text)))
        return Converted(self._put_back(text), tuple(self.mentions))

    def _put_back(self, text: str) -> str:
        """What was put aside may hold what had been put aside before it: <`a`>."""
        while True:
            whole = re.sub("\0(\\d+)\0", lambda match: self.aside[int(match[1])], text)
            if whole == text:
                return text
            text = whole

    def _put_aside(
        self, convert: Callable[[re.Match[str]], str | None]
    ) -> Callable[[re.Match[str]], str]:
        def replacement(match: re.Match[str]) -> str:
            converted = convert(match)
            if converted is None:
                return match[0]
            self.aside.append(converted)
            return f"\0{len(self.aside) - 1}\0"

        return replacement

    def _plain(self, match: re.Match[str]) -> str:
        """Inside code nothing is formatting, but Slack makes links and mentions there too."""
        pieces = _CONTROL.split(match[1])
        for index, piece in enumerate(pieces):
            pieces[index] = self._resolve(piece) if index % 2 else unescape(piece)
        return "".join(pieces)

    def _control(self, match: re.Match[str]) -> str:
        return self._resolve(match[1])

    def _resolve(self, control: str) -> str:
        """What stands between `<` and `>`: a mention, a channel, a date or an address."""
        target, _, label = (unescape(part) for part in control.partition("|"))
        if target.startswith("@"):
            name = self._name(target[1:], label)
            self.mentions[name] = None
            return name
        if target.startswith("#"):
            return "#" + self._name(target[1:], label)
        if target.startswith("!"):
            kind, *rest = target[1:].split("^")
            if kind == "subteam" and rest:
                return self._name(rest[0], label)
            return label if kind == "date" else label or kind
        if ":" not in target:
            return f"<{unescape(control)}>"
        return _link(target, label)

    def _name(self, slack_id: str, label: str) -> str:
        return self.names.get(slack_id) or label.lstrip("@#") or slack_id


def _link(address: str, label: str) -> str:
    address = address.removeprefix("mailto:").removeprefix("tel:")
    short = re.sub(r"^https?://(www\.)?|/$", "", address)
    shown = re.sub(r"^https?://(www\.)?|/$", "", label)
    cut_short = shown.endswith("…") and short.startswith(shown.removesuffix("…"))
    if not shown or shown == short or cut_short:
        return address
    return f"{label} {address}"


def _unformatted(text: str) -> str:
    """Without the marks of bold, italic and struck text, also when one is inside another."""
    while True:
        bare = text
        for form in _FORMATS:
            bare = form.sub(r"\1", bare)
        if bare == text:
            return text
        text = bare
