"""Decides: what may happen, to what, by whom, when. No I/O and no clock: `now` is passed in."""
