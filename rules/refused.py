"""The one way a rule says no: a reason that a feature's words turn into a sentence for a person."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Refused(Exception):
    """What was asked for may not happen now, by this person, on this record.

    `reason` is a member of the feature's own enum; `values` are what its sentence needs.
    `field` names the form field the sentence belongs to, when there is one.
    """

    def __init__(self, reason: StrEnum, *, field: str | None = None, **values: object) -> None:
        super().__init__(f"{type(reason).__name__}.{reason.name}")
        self.reason = reason
        self.field = field
        self.values: Mapping[str, object] = values
