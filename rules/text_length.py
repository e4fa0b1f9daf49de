"""How long a text is, by the ways that networks count. Never raises, whatever the text."""

import re
import unicodedata

import emoji
import regex

# An emoji sequence is one thing to count, however many code points it takes.
_GRAPHEME = regex.compile(r"\X")

# A domain name with a top-level name that is made of letters, and what may follow it. A full
# stop, comma, question mark or closing bracket at the end belongs to the sentence.
_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}"
_REST = r"(?::\d+)?(?:[/?#](?:[^\s<>\"]*[^\s<>\".,!?:;')\]}])?)?"
_WEB_ADDRESS = re.compile(
    rf"(?<![a-z0-9@＠$#＃])https?://{_DOMAIN}{_REST}",
    re.IGNORECASE | re.ASCII,
)
_BARE_ADDRESS = re.compile(
    rf"(?<![a-z0-9@＠$#＃./_-])({_DOMAIN})(?![a-z0-9@_-])({_REST})",
    re.IGNORECASE | re.ASCII,
)
# X makes a link of a bare name when its top-level name exists. There is no list of those here:
# these are the common ones; two letters (a country) count as X does it, with a path or a longer
# name, so that "node.js" and "ready.set" stay words.
_COMMON_TOP_LEVEL = re.compile(
    "com|org|net|edu|gov|int|info|biz|app|dev|blog|shop|store|online|site|news|agency|design|"
    "digital|studio|social|media|email|events|live|video|cloud|tech|museum|travel|jobs|name|"
    "world|today|life|team|tools|link|click|page|wiki|xyz|co|tv"
)

X_ADDRESS_LENGTH = 23
_X_SCALE = 100
_X_DEFAULT_WEIGHT = 200
_X_RANGES = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

MASTODON_ADDRESS_LENGTH = 23
_MASTODON_MENTION = re.compile(
    r"(?<![=/\w])(@[a-z0-9_]+(?:[a-z0-9_.-]+[a-z0-9_]+)?)@[\w.-]+\w", re.I
)


def code_points(text: str) -> int:
    """Unicode code points."""
    return len(text)


def graphemes(text: str) -> int:
    """What a reader sees as one character: extended grapheme clusters (Unicode TR 29)."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def beginning(text: str, most: int) -> str:
    """The first `most` code points, or a few less where those would end inside what a reader sees
    as one character: a family of emoji, a flag, a letter with its accent."""
    if len(text) <= most:
        return text
    end = 0
    for found in _GRAPHEME.finditer(text):
        if found.end() > most:
            break
        end = found.end()
    return text[: end or most]


def utf16_units(text: str) -> int:
    """UTF-16 code units: 2 for what lies outside the basic plane, such as most emoji."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8_bytes(text: str) -> int:
    """Bytes in UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def x_weighted(text: str) -> int:
    """X's weighted length, in characters.

    Source: github.com/twitter/twitter-text, config/v3.json: after NFC, most scripts weigh 1,
    other characters (Chinese, Japanese, Korean) 2, an emoji sequence 2, an address 23.
    """
    text = unicodedata.normalize("NFC", text)
    weight = 0
    end = 0
    for start, stop in _x_addresses(text):
        weight += _x_weight(text[end:start]) + X_ADDRESS_LENGTH * _X_SCALE
        end = stop
    return (weight + _x_weight(text[end:])) // _X_SCALE


def _x_addresses(text: str) -> list[tuple[int, int]]:
    found = [match.span() for match in _WEB_ADDRESS.finditer(text)]
    for match in _BARE_ADDRESS.finditer(text):
        name, rest = match.group(1), match.group(2)
        top_level = name.rpartition(".")[2].lower()
        country = len(top_level) == 2 and (rest or name.count(".") > 1)
        inside = any(start <= match.start() < stop for start, stop in found)
        if (_COMMON_TOP_LEVEL.fullmatch(top_level) or country) and not inside:
            found.append(match.span())
    return sorted(found)


def _x_weight(text: str) -> int:
    weight = 0
    end = 0
    for match in emoji.emoji_list(text):
        start, stop = int(match["match_start"]), int(match["match_end"])
        # A bare copyright sign is text for X; with the variation selector it is an emoji.
        if stop - start == 1 and _x_character(text[start]) < _X_DEFAULT_WEIGHT:
            continue
        weight += sum(map(_x_character, text[end:start])) + _X_DEFAULT_WEIGHT
        end = stop
    return weight + sum(map(_x_character, text[end:]))


def _x_character(character: str) -> int:
    code = ord(character)
    light = any(first <= code <= last for first, last in _X_RANGES)
    return _X_SCALE if light else _X_DEFAULT_WEIGHT


def mastodon(text: str) -> int:
    """Mastodon's length: graphemes; an address counts 23, a mention only its local part.

    Source: docs.joinmastodon.org/user/posting/#text, and Mastodon's StatusLengthValidator.
    """
    text = _WEB_ADDRESS.sub("x" * MASTODON_ADDRESS_LENGTH, text)
    return graphemes(_MASTODON_MENTION.sub(r"\1", text))


def threads(text: str) -> int:
    """Threads' length: characters, but an emoji counts as its UTF-8 bytes.

    Source: developers.facebook.com/documentation/threads/posts, "Limitations".
    """
    extra = 0
    for match in emoji.emoji_list(text):
        sign = text[int(match["match_start"]) : int(match["match_end"])]
        extra += utf8_bytes(sign) - len(sign)
    return len(text) + extra
