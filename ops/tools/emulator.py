"""Starts the AWS emulator so that it never outlives its purpose.

    emulator.py --life SECONDS [--watch-stdin]

The emulator takes its settings from the environment (see ops/src/local/emulator.rs). What is added here:
- it leads a process group of its own, which holds the functions it starts;
- with --watch-stdin it ends when standard input does, that is when the process that started it is gone, unless that
  process has written `stay` to it;
- it ends when its life time is over.
Ending means the whole group: first SIGTERM for an orderly stop, then SIGKILL.
"""

import argparse
import os
import signal
import socketserver
import sys
import threading
import time

GRACE_SECONDS = 5


def end(reason: str) -> None:
    print(f"emulator: {reason}", file=sys.stderr, flush=True)
    os.killpg(0, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)


def end_with_stdin() -> None:
    while said := os.read(0, 4096):
        if b"stay" in said:
            return
    end("whoever started this is gone")


def end_after(seconds: float) -> None:
    time.sleep(seconds)
    end(f"its life time of {seconds:.0f} s is over")


def tune() -> None:
    """Without Nagle's algorithm and with short waits for log lines an invocation takes 8 ms instead of 97."""
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True
    from ministack.core import lambda_runtime

    first_line_wait, idle_confirm, hard_cap = 0.005, 0.002, 0.05
    lambda_runtime.Worker._drain_stderr_bounded.__defaults__ = (first_line_wait, idle_confirm, hard_cap)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--life", type=float, required=True, help="seconds after which it ends by itself")
    arguments.add_argument("--watch-stdin", action="store_true", help="end when standard input ends")
    options = arguments.parse_args()
    sys.argv[1:] = []

    if os.getpgid(0) != os.getpid():
        os.setpgid(0, 0)
    watches = [threading.Thread(target=end_after, args=(options.life,), daemon=True)]
    if options.watch_stdin:
        watches.append(threading.Thread(target=end_with_stdin, daemon=True))
    for watch in watches:
        watch.start()

    tune()
    from ministack.app import main as serve

    try:
        serve()
    finally:
        # Functions that ignored the orderly stop go with it.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)
        time.sleep(0.2)
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
