"""What is said to us, and what is only talk."""

import pytest

from handlers.addressed import is_command, is_written, said_to_us, word_of
from handlers.commands import _desk
from handlers.ids import Word

US = "U0BOT"


def test_every_word_of_desk_may_be_said_to_us() -> None:
    assert set(_desk.commands) == set(Word)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<@U0BOT> help", "help"),
        (" <@U0BOT|copydesk>:  draft\nTwo lines ", "draft\nTwo lines"),
        ("<@U0BOT>\u00a0queue", "queue"),
        ("<@U0BOT>, help", "help"),
        ("<@U0BOT>", ""),
        ("<@U0TOM> <@U0BOT> help", None),
        ("Hello <@U0BOT> help", None),
        ("Hello", None),
        ("", None),
        (None, None),
    ],
)
def test_it_begins_with_our_name(text: str | None, said: str | None) -> None:
    assert said_to_us({"text": text}, US) == said


@pytest.mark.parametrize(
    ("said", "word", "rest"),
    [
        ("draft", Word.DRAFT, ""),
        ("draft Spring\n\nis here", Word.DRAFT, "Spring\n\nis here"),
        ("Draft: Spring", Word.DRAFT, "Spring"),
        ("draft\n  Spring", Word.DRAFT, "Spring"),
        ("draft\u00a0Spring", Word.DRAFT, "Spring"),
        ("QUEUE", Word.QUEUE, ""),
        ("find tea and cake", Word.FIND, "tea and cake"),
        ("find", Word.FIND, ""),
        ("history P-12", Word.HISTORY, "P-12"),
        ("history", Word.HISTORY, ""),
        ("help", Word.HELP, ""),
        ("quiet until 15:00", Word.QUIET, "until 15:00"),
        ("quiet off", Word.QUIET, "off"),
        ("standup skip", Word.STANDUP, "skip"),
        ("standup away until friday", Word.STANDUP, "away until friday"),
        ("Standup: back <@U0TOM>", Word.STANDUP, "back <@U0TOM>"),
    ],
)
def test_words_are_understood(said: str, word: Word, rest: str) -> None:
    assert word_of(said) == (word, rest)
    assert is_command({"text": f"<@{US}> {said}"}, US)


@pytest.mark.parametrize(
    "said",
    ["", "posts look good", "standup was fun", "help me", "history of P-1", "drafts", "draft2",
     "*draft* x", "yes", "-- draft", "don't", "queue?", "find-out more",
     "quiet on our channels today, folks"],
)  # fmt: skip
def test_talk_is_no_command(said: str) -> None:
    assert word_of(said) is None
    assert not is_command({"text": f"<@{US}> {said}"}, US)


@pytest.mark.parametrize(
    ("event", "written"),
    [
        ({"user": "U1"}, True),
        ({"user": "U1", "subtype": "file_share"}, True),
        ({"user": "U1", "subtype": "thread_broadcast"}, True),
        ({"user": "U1", "bot_id": "B1"}, False),
        ({"user": "U1", "subtype": "message_changed"}, False),
        ({"subtype": "bot_message"}, False),
        ({}, False),
    ],
)
def test_a_person_wrote_it(event: dict[str, str], written: bool) -> None:
    assert is_written(event) is written
