"""How the tools end: a reader that went away is no error worth a word, a full disk is one line, neither is a trace."""

import errno
import os
import sys
from collections.abc import Callable

# What a shell reports for a program that wrote to a closed pipe: 128 + SIGPIPE.
CLOSED_PIPE = 141
INTERRUPTED = 130


class Failure(Exception):
    """What went wrong and what to do about it."""


def complain(text: str) -> None:
    """Writes to standard error. Where that fails nobody is left to tell."""
    try:
        print(text, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        pass


def run_command(command: Callable[[], None]) -> int:
    """Runs a command to its exit code."""
    try:
        command()
        if sys.stdout:
            sys.stdout.flush()
        return 0
    except Failure as failure:
        complain(f"error: {failure}")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as failure:
        silence_stdout()
        if failure.errno == errno.EPIPE:
            return CLOSED_PIPE
        complain(f"error: {failure}: make room, or the place writable, and run this again")
        return 1


def silence_stdout() -> None:
    """What could not be written must not be tried again, and complained about, when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def stand_with_the_user() -> None:
    """Goes to where the user stands: the justfile starts every tool in the checkout, relative paths are the user's."""
    try:
        os.chdir(os.environ.get("HOOKLINE_FROM") or ".")
    except OSError as gone:
        raise Failure(f"cannot work in {gone.filename}: {gone.strerror}; go to a folder that exists") from gone
