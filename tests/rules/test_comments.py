"""Comments: what sounds like a yes, whom one concerns, and who from outside reads it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import access
from rules.comments import (
    Comment,
    CommentRefusal,
    Origin,
    check_text,
    concerned,
    cut,
    is_yes_reaction,
    sounds_like_yes,
)
from rules.people import Person
from rules.refused import Refused
from rules.reviews import COMMENT_LIMIT, ReviewState
from tests.rules.desk_at_work import ANA, BEN, DAN, NOW, OWNER, any_of, person, post, review

YES = """
yes|Yes!|YES!!|yep|ok|OK.|okay, thanks|Approved|approved, thanks!|It's approved|It’s approved
I approve|LGTM|lgtm 🚀|Looks good|Looks good to me 👍|looks great, thank you so much|+1|+1 👍
Sounds good, go ahead|good to go 🎉|ship it 🔥|fine by me|works for me 🙂|Sure|Perfect, well done
Oui|Oui, c’est bon pour moi|C'est bon|c’est validé|Validé ✔️|Je valide, merci beaucoup !|Ça me va
OK pour moi|d'accord|Approuvé|Parfait, bravo !|feu vert|Sì|sì, va bene|Va benissimo, grazie
Per me va bene, ottimo lavoro|approvato|Approvo|ok per me|confermo 👌
✅|✔️|☑️|👍|👍🏽|👍👍|🆗|✅ 🎉
""".strip().replace("\n", "|")
NO = """
no|non|not ok|not approved|nope|thanks|great|merci|grazie|nice work|🎉|❤️|👎|👍👎|👀|🤔
ok 👀|ok :(|ok :/
yes?|ok?|¿ok|c'est bon?|ok...|ok…|yes, but shorter|ok but the picture|looks good, except the link
looks good, can we change the picture|yes no|si non|I'd approve if it were shorter|d'accord mais
yesterday|okra|token|go home|k+1|+10|+1 day|yes 12|approve this tomorrow|can you approve
who approved this|oui ou non|va bene domani|va male|1|.|...|да|はい|<!channel>|&amp;|yes & no
""".strip().replace("\n", "|")


@pytest.mark.parametrize("text", YES.split("|"))
def test_a_short_yes_sounds_like_one(text: str) -> None:
    assert sounds_like_yes(text)


@pytest.mark.parametrize("text", [*NO.split("|"), "", " ", "\n", "\u202eyes no", "yes\0no"])
def test_everything_else_does_not(text: str) -> None:
    assert not sounds_like_yes(text)


def test_the_whole_reply_has_to_be_short() -> None:
    assert sounds_like_yes("ok " * 20)
    assert not sounds_like_yes("ok " * 21)


def test_who_is_called_does_not_count() -> None:
    assert sounds_like_yes("Tom Lindqvist looks good", ["Tom", "Tom Lindqvist"])
    assert not sounds_like_yes("Tom Lindqvist looks good")
    assert not sounds_like_yes("Tom", ["Tom"])


@given(st.text(max_size=80), st.lists(st.text(max_size=5), max_size=3))
def test_any_text_has_an_answer(text: str, names: list[str]) -> None:
    assert sounds_like_yes(text, names) in (True, False)


@given(st.sampled_from(YES.split("|")), st.sampled_from(["no", "but", "not", "?", "👎", "mais"]))
def test_a_doubt_beside_it_makes_it_none(text: str, doubt: str) -> None:
    assert not sounds_like_yes(f"{text} {doubt}")
    assert not sounds_like_yes(f"{doubt} {text}")


@pytest.mark.parametrize(
    ("name", "is_yes"),
    [
        ("white_check_mark", True),
        ("heavy_check_mark", True),
        ("+1", True),
        ("thumbsup", True),
        ("+1::skin-tone-4", True),
        ("-1", False),
        ("eyes", False),
        ("x", False),
        ("", False),
    ],
)
def test_a_reaction_that_means_yes(name: str, is_yes: bool) -> None:
    assert is_yes_reaction(name) is is_yes


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", CommentRefusal.NOTHING_SAID),
        (" \n ", CommentRefusal.NOTHING_SAID),
        ("a" * (COMMENT_LIMIT + 1), CommentRefusal.SAID_TOO_MUCH),
    ],
)
def test_a_comment_that_is_not_taken(text: str, reason: CommentRefusal) -> None:
    with pytest.raises(Refused) as refused:
        check_text(text)
    assert refused.value.reason is reason
    assert refused.value.field == "comment"


def test_a_comment_is_trimmed_and_one_from_a_message_cut() -> None:
    assert check_text("  a\nb ") == "a\nb"
    assert check_text("a" * COMMENT_LIMIT) == "a" * COMMENT_LIMIT
    assert cut("  a\nb ") == "a\nb"
    assert cut("a" * COMMENT_LIMIT) == "a" * COMMENT_LIMIT
    long = cut("a" * (COMMENT_LIMIT + 1))
    assert len(long) == COMMENT_LIMIT
    assert long.endswith("a…")


def test_a_comment_concerns_the_owner_and_who_decides_now() -> None:
    asked = review(any_of(ANA, BEN))
    assert concerned(post(), asked) == (OWNER, ANA, BEN)
    assert concerned(post(), None) == (OWNER,)
    assert concerned(post(), replace(asked, state=ReviewState.APPROVED)) == (OWNER,)


def guest(number: int) -> Person:
    return person(number, is_guest=True)


def stranger(number: int) -> Person:
    return replace(person(number), is_stranger=True)


def written(author: int, origin: Origin, *mentions: int) -> Comment:
    return Comment(1, 1, 1, author, "Hm", mentions, origin, None, None, NOW)


@pytest.mark.parametrize(
    ("who", "comment", "reads"),
    [
        pytest.param(person(DAN), written(ANA, Origin.OPEN), True, id="the team"),
        pytest.param(guest(DAN), written(ANA, Origin.OPEN), False, id="a guest"),
        pytest.param(stranger(DAN), written(ANA, Origin.DIRECT), False, id="another workspace"),
        pytest.param(stranger(DAN), written(ANA, Origin.THREAD), True, id="in the channel"),
        pytest.param(stranger(DAN), written(ANA, Origin.OPEN, DAN), True, id="who is called"),
        pytest.param(guest(DAN), written(DAN, Origin.OPEN), True, id="one's own"),
        pytest.param(guest(OWNER), written(ANA, Origin.OPEN), True, id="the owner"),
    ],
)
def test_who_reads_a_comment(who: Person, comment: Comment, reads: bool) -> None:
    assert access.may_read_comment(post(), comment, who) is reads


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        pytest.param(person(DAN), True, id="the team"),
        pytest.param(guest(DAN), False, id="a guest"),
        pytest.param(stranger(DAN), False, id="another workspace"),
        pytest.param(guest(OWNER), True, id="the owner"),
        pytest.param(stranger(ANA), True, id="an approver"),
    ],
)
def test_who_reads_notes_and_reasons(who: Person, reads: bool) -> None:
    assert access.may_read_notes(post(), review(any_of(ANA, BEN)), who) is reads


def test_a_long_comment_is_cut_between_characters() -> None:
    family = "👨‍👩‍👧‍👦"
    said = cut(family * COMMENT_LIMIT)
    assert len(said) <= COMMENT_LIMIT
    assert said.removesuffix("…").replace(family, "") == ""
