"""Who is away and who stands in, worked out from what people said, day by day."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

FOREVER = 500


@dataclass
class Said:
    """One thing that somebody said: on which days they are away, and who covers."""

    days: set[date]
    cover: int | None


@dataclass
class DaysOff:
    """What everybody said, by whose days off they are; what was said last holds."""

    said: dict[int, list[Said]] = field(default_factory=dict)

    def go(self, who: int, today: date, first: date, last: date | None, cover: int | None) -> None:
        count = FOREVER if last is None else (last - first).days + 1
        new = Said({first + timedelta(n) for n in range(count)}, cover)
        for old in self.said.setdefault(who, []):
            if old.days & new.days:
                has_begun = min(old.days) <= today
                old.days = {day for day in old.days if day < first} if has_begun else set()
        self.said[who].append(new)

    def back(self, who: int, today: date) -> bool:
        """Whether they were away."""
        found = [said for said in self.said.get(who, []) if today in said.days]
        for said in found:
            said.days = {day for day in said.days if day < today}
        return bool(found)

    def away(self, today: date) -> dict[int, int | None]:
        """Who is away, each with the cover they named."""
        every = [(who, one) for who, said in self.said.items() for one in said]
        return {who: one.cover for who, one in every if today in one.days}

    def cover_of(self, who: int, today: date, cannot: Collection[int]) -> int | None:
        """Who stands in for somebody who is away, by way of whoever is away too."""
        away, asked = self.away(today), [who]
        while (named := away[asked[-1]]) in away and named not in asked:
            assert named is not None
            asked.append(named)
        return None if named in asked or named in cannot else named
