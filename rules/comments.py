"""What people say about a post: the comments, whom they concern, and what sounds like a yes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.people import Person
from rules.posts import Post
from rules.refused import Refused
from rules.reviews import COMMENT_LIMIT, Review, ReviewState
from rules.text_length import beginning

MENTIONS_LIMIT = 10
"""How many people one comment can call; who wants more is better served in the channel."""


class Origin(StrEnum):
    """Where a comment was written. THREAD: under the channel's card, where all of the channel
    reads it. OPEN and DIRECT are written in private."""

    OPEN = "open"
    THREAD = "thread"
    DIRECT = "direct"


class CommentRefusal(StrEnum):
    """Why a comment is not taken."""

    NOTHING_SAID = "nothing_said"
    SAID_TOO_MUCH = "said_too_much"


@dataclass(frozen=True, slots=True)
class Comment:
    """What one person said about a version. `mentions` are the ids of the people it calls.

    `slack_channel` and `slack_ts` are the message's address where it was written as one.
    """

    id: int
    post_id: int
    version: int
    author_id: int
    text: str
    mentions: tuple[int, ...]
    origin: Origin
    slack_channel: str | None
    slack_ts: str | None
    created_at: datetime


def check_text(text: str) -> str:
    """A comment from a form, trimmed. Raises Refused at `comment`."""
    if not text.strip():
        raise Refused(CommentRefusal.NOTHING_SAID, field="comment")
    if len(text) > COMMENT_LIMIT:
        raise Refused(CommentRefusal.SAID_TOO_MUCH, field="comment", limit=COMMENT_LIMIT)
    return text.strip()


def cut(text: str) -> str:
    """A comment from a message, trimmed; the whole of a long one stays in Slack."""
    said = text.strip()
    if len(said) <= COMMENT_LIMIT:
        return said
    return beginning(said, COMMENT_LIMIT - 1).rstrip() + "…"


def is_outsider(who: Person) -> bool:
    """A guest, or somebody of another workspace."""
    return who.is_guest or who.is_stranger


def concerned(post: Post, review: Review | None) -> tuple[int, ...]:
    """Whom a comment concerns without being called: the owner, and who decides right now."""
    step = review.current if review and review.state is ReviewState.OPEN else None
    asked = [step.cover_of(who) or who for who in step.approvers] if step else []
    return tuple(dict.fromkeys((post.owner_id, *asked)))


_YES_LONGEST = 60


def _set(phrases: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in phrases.split("|"))


# The whole of a reply has to be made of these: "yes, but shorter" is no yes. Lower case, without
# accents, each sign between words a blank, as `_words` makes them.
_YES = _set(
    """yes|yep|yeah|yup|sure|ok|okay|approve|approved|i approve|it s approved|agreed|i agree|lgtm
    |looks good|looks great|looks fine|looks perfect|sounds good|sounds great|all good|good to go
    |good for me|great for me|fine by me|fine with me|fine for me|ok by me|ok with me|ok for me
    |works for me|happy with this|happy with it|go ahead|go for it|go|ship it|perfect|+1|thumbs up
    |oui|ouais|c est bon|c est ok|c est parfait|c est valide|c est tout bon|tout bon|valide
    |validee|je valide|approuve|approuvee|j approuve|d accord|je suis d accord|parfait
    |bon pour moi|ok pour moi|c est bon pour moi|ca me va|ca me convient|tres bien|vas y|allez y
    |feu vert
    |si|va bene|va benissimo|per me va bene|va bene per me|ok per me|per me ok|per me si|approvo
    |approvato|approvata|io approvo|confermo|confermato|d accordo|sono d accordo|perfetto
    |tutto ok|tutto bene|via libera|procedi|procedete"""
)
# These go with a yes, and are none alone.
_BESIDE = _set(
    """thanks|thank you|thx|great|nice|well done|to me|for me|from me|from my side|by me|very much
    |so much|great job|great work|nice work|good job|love it
    |merci|merci beaucoup|bravo|super|pour moi|de mon cote|bien joue
    |grazie|grazie mille|brava|ottimo|ottimo lavoro|per me|da parte mia|bel lavoro"""
)
_YES_SIGNS = frozenset("✅☑✔👍👌🆗")
_SIGNS_BESIDE = frozenset("🎉🎊🚀🙌👏❤🧡💛💚💙💜😀😃😄😁😊🙂😍🥳🤩🔥💯🙏✨👋💪☺")
# A question, a hesitation, a sad face: "ok...", "ok :/".
_DOUBT = re.compile(r"[?¿？…(/\\<>=%#&@]|\.\.")
# Variation selectors and skin tones change how a sign looks, not what it says.
_LOOKS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_WORD = re.compile(r"(?<!\w)\+1(?!\w)|[^\W_]+")
_LONGEST_PHRASE = 5


def sounds_like_yes(text: str, names: Iterable[str] = ()) -> bool:
    """Whether the whole of a reply is a short yes, in English, French, Italian or signs.

    `names` are people it calls, who don't count: "@Tom yes". Careful on purpose: a yes that isn't
    seen costs a click, while a no that is taken for one would be asked about.
    """
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, " ")
    if len(text.strip()) > _YES_LONGEST or _DOUBT.search(text):
        return False
    bare = _LOOKS.sub("", text)
    signs = {sign for sign in bare if unicodedata.category(sign) in ("So", "Sk", "Cs", "Co")}
    if signs - _YES_SIGNS - _SIGNS_BESIDE:
        return False
    said = _phrases(_words(bare))
    return said is not None and bool(said & _YES or signs & _YES_SIGNS)


def is_yes_reaction(name: str) -> bool:
    """Whether a reaction, by Slack's name for it, is a check mark or a thumb up."""
    return name.partition("::")[0] in {"white_check_mark", "heavy_check_mark", "+1", "thumbsup"}


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


def _phrases(words: list[str]) -> set[str] | None:
    """The words as phrases that are known, longest first; None where one isn't."""
    found: set[str] = set()
    while words:
        for length in range(min(_LONGEST_PHRASE, len(words)), 0, -1):
            phrase = " ".join(words[:length])
            if phrase in _YES or phrase in _BESIDE:
                found.add(phrase)
                words = words[length:]
                break
        else:
            return None
    return found
