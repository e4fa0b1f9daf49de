"""`python -m bot`, giving up on a lost connection after 3 seconds instead of 5 minutes."""

import bot.run
from bot.cli import main

bot.run._LOST_SECONDS = 3
main()
