"""The small parts that every Block Kit rule is made of: a check looks at one JSON value."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

Surface = Literal["message", "modal", "home"]


@dataclass(slots=True)
class Report:
    """What was found so far in one payload, and what is counted over the whole of it."""

    surface: Surface
    problems: list[str] = field(default_factory=list)
    characters: int = 0
    markdown_characters: int = 0
    focused: int = 0

    def add(self, sentence: str, at: str) -> None:
        """Adds a problem; `at` is the JSON pointer of the value that is refused."""
        self.problems.append(f"{sentence} [json-pointer:{at}]")


Check = Callable[[Report, str, object], None]


def string(maximum: int | None = None, minimum: int = 0) -> Check:
    """A string of `minimum` to `maximum` characters (code points)."""

    def check(report: Report, at: str, value: object) -> None:
        if not isinstance(value, str):
            report.add("must provide a string", at)
        elif maximum is not None and len(value) > maximum:
            report.add(f"must be less than {maximum + 1} characters", at)
        elif len(value) < minimum:
            report.add(f"must be more than {minimum - 1} characters", at)

    return check


def url(report: Report, at: str, value: object) -> None:
    """An absolute web address of at most 3,000 characters."""
    string(3000, 1)(report, at, value)
    if isinstance(value, str) and value and "://" not in value and not value.startswith("mailto:"):
        report.add("must be an absolute URL", at)


def boolean(report: Report, at: str, value: object) -> None:
    """true or false."""
    if not isinstance(value, bool):
        report.add("must provide a boolean", at)


def integer(minimum: int, maximum: int | None = None) -> Check:
    """A whole number within bounds, both included."""

    def check(report: Report, at: str, value: object) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.add("must provide a whole number", at)
        elif value < minimum:
            report.add(f"must be at least {minimum}", at)
        elif maximum is not None and value > maximum:
            report.add(f"must be at most {maximum}", at)

    return check


def one_of(*allowed: str) -> Check:
    """One of a few words."""

    def check(report: Report, at: str, value: object) -> None:
        if value not in allowed:
            report.add(f"must be one of: {', '.join(allowed)}", at)

    return check


def array(item: Check, minimum: int = 0, maximum: int | None = None) -> Check:
    """A list of `minimum` to `maximum` items that each pass `item`."""

    def check(report: Report, at: str, value: object) -> None:
        if not isinstance(value, list):
            report.add("must provide an array", at)
            return
        if len(value) < minimum:
            report.add(f"no fewer than {minimum} items allowed", at)
        if maximum is not None and len(value) > maximum:
            report.add(f"no more than {maximum} items allowed", at)
        for index, one in enumerate(value):
            item(report, f"{at}/{index}", one)

    return check


def shape(properties: Mapping[str, Check], required: Collection[str] = ()) -> Check:
    """An object with these properties and no others. Its `type` is checked by who chose it."""

    def check(report: Report, at: str, value: object) -> None:
        if not isinstance(value, dict):
            report.add("must provide an object", at)
            return
        for name in required:
            if name not in value:
                report.add(f"missing required field: {name}", at)
        for name, one in value.items():
            if name in properties:
                properties[name](report, f"{at}/{name}", one)
            elif name != "type":
                report.add(f"invalid additional property: {name}", at)

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` names the check it must pass."""

    def check(report: Report, at: str, value: object) -> None:
        if not isinstance(value, dict):
            report.add("must provide an object", at)
            return
        kind = value.get("type")
        if kind is None:
            report.add("missing required field: type", at)
        elif not isinstance(kind, str) or kind not in kinds:
            report.add(f"unsupported type: {kind}", f"{at}/type")
        else:
            kinds[kind](report, at, value)

    return check


def both(first: Check, second: Check) -> Check:
    """Two checks, one after the other."""

    def check(report: Report, at: str, value: object) -> None:
        first(report, at, value)
        second(report, at, value)

    return check


def when_object(then: Callable[[Report, str, dict[str, object]], None]) -> Check:
    """A rule between the properties of an object; what is no object is refused elsewhere."""

    def check(report: Report, at: str, value: object) -> None:
        if isinstance(value, dict):
            then(report, at, value)

    return check


def _count(report: Report, _at: str, value: dict[str, object]) -> None:
    text = value.get("text")
    if isinstance(text, str):
        report.characters += len(text)


# Adds the text of an object to what the whole message says.
count_text: Check = when_object(_count)
