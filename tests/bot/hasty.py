"""`python -m bot`, thinking a connection deaf after four seconds instead of ten minutes, half-open
after two instead of fifteen, and giving up on it after six instead of 300. Where a new one can't be
made, it tries again after half a second instead of five."""

import bot.hearing
import bot.run
import bot.socket_mode
from bot.cli import main

bot.hearing.QUIET_SECONDS = 4
bot.hearing.SILENT_SECONDS = 2
bot.hearing.AGAIN_SECONDS = 0.5
bot.socket_mode._PING_SECONDS = 0.5  # type: ignore[assignment]
bot.run._LOST_SECONDS = 6
main()
