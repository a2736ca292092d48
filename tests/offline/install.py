#!/usr/bin/env python3
"""Writes the folder for `terraform init -plugin-dir=DIR`: a launcher of the offline provider under hashicorp/aws.

The launcher runs the provider from this checkout with the Python that runs this script.
"""

import platform
import shlex
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from offline_provider import ADDRESS, VERSION  # noqa: E402

ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def install(folder: Path) -> Path:
    """The path of the launcher that was written."""
    target = f"{platform.system().lower()}_{ARCHITECTURES.get(platform.machine().lower(), platform.machine().lower())}"
    launcher = folder / ADDRESS / VERSION / target / f"terraform-provider-aws_v{VERSION}"
    launcher.parent.mkdir(parents=True, exist_ok=True)
    command = f"{shlex.quote(sys.executable)} {shlex.quote(str(HERE / 'offline_provider'))}"
    launcher.write_text(f"#!/bin/sh\n# The offline stand-in for hashicorp/aws, for tests and demonstrations only.\nexec {command} \"$@\"\n")
    launcher.chmod(0o755)
    # OpenTofu looks for the same provider under the address of its own registry.
    mirror = folder / "registry.opentofu.org"
    if not mirror.exists():
        mirror.symlink_to(ADDRESS.split("/")[0])
    return launcher


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit("usage: install.py DIR")
    print(install(Path(sys.argv[1]).resolve()))
