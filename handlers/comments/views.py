"""The form for a comment, and the messages that tell of one."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import PlainTextInputElement, UserMultiSelectElement
from slack_sdk.models.views import View

from handlers import draw
from handlers.answers import Drawn
from handlers.comments import words
from handlers.ids import Action, Field, Form
from handlers.posts import parts
from operations.posts import Shown
from rules.comments import MENTIONS_LIMIT, Comment, Origin
from rules.people import Person
from rules.posts import Status
from rules.reviews import COMMENT_LIMIT, Review, Verdict
from rules.slack_text import escape


def write(shown: Shown, memory: dict[str, Any]) -> View:
    """Asks for the comment, and whom to tell."""
    said = PlainTextInputElement(action_id=Field.COMMENT, multiline=True, max_length=COMMENT_LIMIT)
    tell = UserMultiSelectElement(
        action_id=Field.MENTIONS, placeholder="Colleagues", max_selected_items=MENTIONS_LIMIT
    )
    blocks = [
        draw.line(f"*{shown.post.code}*, version {shown.version.number}"),
        draw.field(Field.COMMENT, words.LABEL, said),
        draw.field(Field.MENTIONS, words.TELL, tell, optional=True, hint=words.TELL_HINT),
    ]
    return draw.form(Form.WRITE, words.TITLE, "Send", memory, blocks)


def copy(shown: Shown, comment: Comment, author: Person) -> Drawn:
    """In the thread of the channel's card: what was said elsewhere."""
    where = "in direct messages" if comment.origin is Origin.DIRECT else "in Open"
    said = f"*{draw.name(author.name)}* commented {where}:"
    return Drawn(_aloud(shown, comment, author), [draw.line(said), *draw.quoted(comment.text)])


def commented(shown: Shown, comment: Comment, author: Person, reader_id: int) -> Drawn:
    """In the messages of who is called, or concerned."""
    who, code = draw.name(author.name), shown.post.code
    called = reader_id in comment.mentions
    did = "mentioned you in a comment on" if called else "commented on"
    channel = f"<#{shown.desk.channel_id}>"
    if comment.origin is Origin.THREAD:
        answer = f"In the thread of its card in {channel}; answer there, or in this thread."
    elif shown.desk.outsiders:
        answer = f"Answer in this thread; in {channel} people from outside read along."
    else:
        answer = "Answer in this thread."
    blocks: list[Block] = [
        draw.line(f"{who} {did} *{code}*", parts.open_button(shown)),
        *draw.quoted(comment.text),
        *draw.small(answer),
    ]
    return Drawn(_aloud(shown, comment, author), blocks)


def question(review: Review, code: str) -> list[Block]:
    """In private, after what may have been a yes."""
    return [
        draw.line(words.question(code, review.version)),
        *draw.row(
            draw.button(
                Action.SAID_YES, words.APPROVE, review.id, style="primary", says=f"Approve {code}"
            ),
            draw.button(Action.ONLY_SAID, words.ONLY_COMMENT, review.id),
        ),
    ]


def direct_question(shown: Shown, review: Review, person_id: int, only: bool) -> Drawn:
    """The same under a direct card, and what was answered: it offers nothing that is over."""
    code, mine = shown.post.code, review.last_of(person_id)
    if waits_for(shown, review, person_id) and not only:
        return Drawn(words.question(code, review.version), question(review, code))
    if mine is not None and mine.verdict is Verdict.APPROVE:
        said = words.recorded(code, review.version)
    else:
        said = words.NOT_RECORDED if only else words.MOVED_ON
    return Drawn(said, draw.small(said))


def waits_for(shown: Shown, review: Review, person_id: int) -> bool:
    """Whether it is this person's turn to decide on this very version."""
    return shown.is_current and person_id in review.waiting_for


def kept(shown: Shown, copied: bool) -> Drawn:
    """Under a direct card, once: what becomes of replies there."""
    said = words.from_here(shown.post.code, f"<#{shown.desk.channel_id}>", copied)
    if shown.post.status is Status.CANCELLED:
        said += f" {words.cancelled(shown.post.code)}"
    return Drawn(said, draw.small(said))


def not_kept(shown: Shown) -> Drawn:
    """The same, where the reader sees the post no more."""
    said = words.not_kept(shown.post.code)
    return Drawn(said, draw.small(said))


def _aloud(shown: Shown, comment: Comment, author: Person) -> str:
    """What a notification and a screen reader say."""
    beginning = draw.excerpt(comment.text, draw.NOTIFICATION)
    return escape(f"{author.name} commented on {shown.post.code}: {beginning}")
