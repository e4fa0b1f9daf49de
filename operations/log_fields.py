"""What every record that is logged meanwhile carries: the id of a click, a delivery, an occurrence.

A context variable of Python's stays set for whatever its thread does next, so it is only ever bound
for a block. Work that is handed to another thread takes it along by `contextvars.copy_context`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_NONE: Mapping[str, object] = MappingProxyType({})
_bound: ContextVar[Mapping[str, object]] = ContextVar("log_fields", default=_NONE)


@contextmanager
def bound(**fields: object) -> Iterator[None]:
    """The records of this block have these fields, besides those of the blocks around it."""
    token = _bound.set({**_bound.get(), **fields})
    try:
        yield
    finally:
        _bound.reset(token)


def now_bound() -> Mapping[str, object]:
    """What a record that is logged here and now is to carry."""
    return _bound.get()
