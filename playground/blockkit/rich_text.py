"""The rich_text block and what it is made of.

Source: docs.slack.dev, reference/block-kit/blocks/rich-text-block.
"""

from playground.blockkit.checks import (
    Check,
    array,
    boolean,
    both,
    by_type,
    count_text,
    integer,
    one_of,
    shape,
    string,
    url,
)

_STYLES = dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean)
_style: dict[str, Check] = {"style": shape(_STYLES)}
_mention_style: dict[str, Check] = {
    "style": shape(
        {
            **dict.fromkeys(("bold", "italic", "strike"), boolean),
            **dict.fromkeys(("highlight", "client_highlight", "unlink"), boolean),
        }
    )
}
_ID = string(minimum=1)


_text = both(shape({"text": string(minimum=1), **_style}, ["text"]), count_text)
_link = both(
    shape({"url": url, "text": string(), "unsafe": boolean, **_style}, ["url"]),
    count_text,
)
_inline: dict[str, Check] = {
    "text": _text,
    "link": _link,
    "user": shape({"user_id": _ID, **_mention_style}, ["user_id"]),
    "usergroup": shape({"usergroup_id": _ID, **_mention_style}, ["usergroup_id"]),
    "channel": shape({"channel_id": _ID, **_mention_style}, ["channel_id"]),
    "team": shape({"team_id": _ID, **_mention_style}, ["team_id"]),
    "broadcast": shape({"range": one_of("here", "channel", "everyone"), **_style}, ["range"]),
    "emoji": shape({"name": _ID, "unicode": string(minimum=1), "url": url, **_style}, ["name"]),
    "color": shape({"value": _ID, **_style}, ["value"]),
    "date": shape(
        {"timestamp": integer(0), "format": _ID, "url": url, "fallback": string(), **_style},
        ["timestamp", "format"],
    ),
}
_border: dict[str, Check] = {"border": integer(0, 1)}
_section = shape({"elements": array(by_type(_inline))}, ["elements"])

_parts: dict[str, Check] = {
    "rich_text_section": _section,
    "rich_text_list": shape(
        {
            "style": one_of("bullet", "ordered"),
            "elements": array(by_type({"rich_text_section": _section}), 1),
            "indent": integer(0, 8),
            "offset": integer(0),
            **_border,
        },
        ["style", "elements"],
    ),
    "rich_text_quote": shape({"elements": array(by_type(_inline)), **_border}, ["elements"]),
    "rich_text_preformatted": shape(
        {"elements": array(by_type({"text": _text, "link": _link})), **_border}, ["elements"]
    ),
}

rich_text: Check = by_type(
    {
        "rich_text": shape(
            {"elements": array(by_type(_parts), 1), "block_id": string(255, 1)}, ["elements"]
        )
    }
)
