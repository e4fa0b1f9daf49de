"""Runs a module as long as whoever started it lives: `python -m bot.leash MODULE ARGUMENTS...`.

The starter holds the other end of this process's standard input. When the starter ends, however
it ends (kill -9, too), the pipe closes, and this process asks itself to end with SIGTERM. A pipe
does it on every system; Linux's PR_SET_PDEATHSIG would do it on one.
"""

import os
import runpy
import signal
import sys
import threading


def main() -> None:
    """Runs the module named first, with the arguments after it."""
    leash = os.dup(sys.stdin.fileno())
    threading.Thread(target=_end_with, args=(leash,), daemon=True, name="leash").start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with(leash: int) -> None:
    while os.read(leash, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
