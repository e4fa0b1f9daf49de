"""Text as Slack keeps it: entities, mentions, and the rich_text block of what a person writes.

Source: docs.slack.dev/messaging/formatting-message-text and
docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.workspace import Json, Workspace

_MASS = re.compile(r"<!(?:channel|here|everyone|subteam\^)[^<>]*>")

_TYPED = re.compile(
    r"(?P<link>https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"])"
    r"|@(?P<mass>channel|here|everyone)\b"
    r"|(?<![\w@])@(?P<person>\w[\w.-]*(?: \w[\w.-]*)?)"
    r"|(?<![\w#])#(?P<channel>[\w-]+)"
)
_FENCE = re.compile(r"```(.+?)```", re.DOTALL)
_INLINE = re.compile(
    r"<(?P<token>[^<>\s][^<>]*)>"
    r"|`(?P<code>[^`\n]+)`"
    r"|(?<!\w):(?P<emoji>(?=[a-z0-9_+'-]*[a-z+])[a-z0-9_+'-]+):(?!\w)"
    r"|(?<![\w*])\*(?P<bold>\S(?:[^*\n]*\S)?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>\S(?:[^_\n]*\S)?)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>\S(?:[^~\n]*\S)?)~(?![\w~])"
)


def mentions_many(content: object) -> bool:
    """Whether a message's content would call everybody, or a group: where mrkdwn is read, that is.

    A plain_text object shows `<!channel>` as it is written.
    """
    if isinstance(content, list):
        return any(mentions_many(part) for part in content)
    if not isinstance(content, dict):
        return False
    kind = content.get("type")
    if kind in ("broadcast", "usergroup"):
        return True
    texts = [content.get(key) for key in ("text", "pretext", "fallback")]
    read = kind in (None, "mrkdwn", "markdown")
    if read and any(isinstance(text, str) and _MASS.search(text) for text in texts):
        return True
    return any(mentions_many(part) for key, part in content.items() if key != "metadata")


def escape(text: str) -> str:
    """`&`, `<` and `>` as entities, the three that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def is_storable(text: str) -> bool:
    """NUL and halves of a surrogate pair are no text."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed_message(workspace: "Workspace", text: str) -> str:
    """The mrkdwn that Slack stores of what a person types: names, channels, links understood."""
    return _understood(workspace, text, links=True, labelled=False)


def typed_command(workspace: "Workspace", text: str, should_escape: bool) -> str:
    """The text of a slash command as it reaches the app.

    With `should_escape`, `@name` becomes `<@U123|name>` and `#channel` `<#C1|channel>`.
    Source: docs.slack.dev/interactivity/implementing-slash-commands.
    """
    return (
        _understood(workspace, text, links=False, labelled=True) if should_escape else escape(text)
    )


def _understood(workspace: "Workspace", text: str, *, links: bool, labelled: bool) -> str:
    written: list[str] = []
    end = 0
    for match in _TYPED.finditer(text):
        written.append(escape(text[end : match.start()]))
        written.append(_token(workspace, match, links, labelled))
        end = match.end()
    written.append(escape(text[end:]))
    return "".join(written)


def _token(workspace: "Workspace", match: re.Match[str], links: bool, labelled: bool) -> str:
    if match["link"]:
        return f"<{escape(match['link'])}>" if links else escape(match["link"])
    if match["mass"]:
        return f"<!{match['mass']}>"
    if match["channel"]:
        channel = workspace.channel_named(match["channel"])
        return f"<#{channel.id}|{channel.name}>" if channel else escape(match[0])
    written: str = match["person"]
    first = written.split(" ")[0]
    for name in (written, written.rstrip(".-"), first, first.rstrip(".-")):
        person = workspace.person_named(name)
        if person:
            mention = f"<@{person.id}|{person.name}>" if labelled else f"<@{person.id}>"
            return mention + escape(written[len(name) :])
    return escape(match[0])


def rich_text(mrkdwn: str) -> list["Json"]:
    """The `rich_text` block of a person's message, as a list to store as its blocks."""
    parts: list[Json] = []
    end = 0
    for fence in _FENCE.finditer(mrkdwn):
        parts += _lines(mrkdwn[end : fence.start()].removesuffix("\n"))
        code = {"type": "text", "text": unescape(fence[1].strip("\n"))}
        parts.append({"type": "rich_text_preformatted", "elements": [code], "border": 0})
        end = fence.end()
    parts += _lines(mrkdwn[end:].removeprefix("\n") if end else mrkdwn)
    return [{"type": "rich_text", "elements": parts}]


def _lines(mrkdwn: str) -> Iterator["Json"]:
    """Sections and quotes: consecutive lines of a kind are one element."""
    for quoted, run in _runs(mrkdwn):
        elements = list(_inline("\n".join(run), {}))
        yield {"type": "rich_text_quote" if quoted else "rich_text_section", "elements": elements}


def _runs(mrkdwn: str) -> Iterator[tuple[bool, list[str]]]:
    run: list[str] = []
    quoting = False
    for line in mrkdwn.split("\n") if mrkdwn else []:
        quoted = line.startswith("&gt;")
        if run and quoted != quoting:
            yield quoting, run
            run = []
        quoting = quoted
        run.append(line.removeprefix("&gt;").removeprefix(" ") if quoted else line)
    if run:
        yield quoting, run


def _inline(mrkdwn: str, style: "Json") -> Iterator["Json"]:
    end = 0
    for match in _INLINE.finditer(mrkdwn):
        if match.start() > end:
            yield _styled({"type": "text", "text": unescape(mrkdwn[end : match.start()])}, style)
        end = match.end()
        kind = match.lastgroup or ""
        inside = match[kind]
        if kind == "token":
            yield _styled(_reference(inside), style)
        elif kind == "code":
            yield _styled({"type": "text", "text": unescape(inside)}, {**style, "code": True})
        elif kind == "emoji":
            yield {"type": "emoji", "name": inside}
        else:
            yield from _inline(inside, {**style, kind: True})
    if end < len(mrkdwn):
        yield _styled({"type": "text", "text": unescape(mrkdwn[end:])}, style)


def _reference(token: str) -> "Json":
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": target.removeprefix("!subteam^")}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    link = {"type": "link", "url": unescape(target)}
    return {**link, "text": unescape(label)} if label else link


def _styled(element: "Json", style: "Json") -> "Json":
    return {**element, "style": dict(style)} if style else element
