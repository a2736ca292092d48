"""Started by the launcher that `install.py` writes."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)
from offline_provider.server import main  # noqa: E402

main()
