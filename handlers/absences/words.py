"""The sentences of absences, and of days that were typed."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.words import Sentence
from rules.absences import AbsenceRefusal
from rules.typed_dates import DateRefusal

_EXAMPLES = "such as “until friday” or “3 aug to 17 aug”"

SENTENCES: Mapping[AbsenceRefusal, Sentence] = {
    AbsenceRefusal.COVER_IS_ONESELF: lambda v, r: (
        f"{r.name(v['who'])} is who is away. Choose somebody else, or nobody."
    ),
    AbsenceRefusal.COVER_CANNOT: lambda v, r: (
        f"{r.name(v['who'])} can't cover: apps and deactivated people don't answer. Choose"
        " somebody else."
    ),
    AbsenceRefusal.COVER_AWAY: lambda v, r: (
        f"{r.name(v['who'])} is away on all of these days too. Choose somebody who is there."
    ),
}

DATES: Mapping[DateRefusal, Sentence] = {
    DateRefusal.NO_SUCH_DATE: lambda v, r: (
        f"There is no such day: “{v['text']}”. Type another one, {_EXAMPLES}."
    ),
    DateRefusal.IN_THE_PAST: lambda v, r: (
        f"“{v['text']}” has passed. Type a day that lies ahead, or add the year."
    ),
    DateRefusal.NOT_UNDERSTOOD: lambda v, r: (
        f"“{v['text']}” has no clear reading. Type days {_EXAMPLES}."
    ),
    DateRefusal.BACKWARDS: lambda v, r: (
        f"“{v['text']}” ends before it begins. Type the first day before the last."
    ),
    DateRefusal.TOO_LONG: lambda v, r: (
        f"“{v['text']}” reaches over a year ahead. Type days within a year."
    ),
}
