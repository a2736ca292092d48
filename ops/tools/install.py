"""Puts the pinned tools into a virtual environment in the user's cache and links it as .tools/venv.

    install.py ROOT [--terraform]

What it guarantees:
- The environment is named after the hash of the pins and the Python that runs it: another pin or another Python is
  another environment, and checkouts with equal pins share one.
- It counts only once its marker file is there, and the marker is written last: an interrupted installation is thrown
  away and done again by the next run. (A virtual environment knows its own path, so it is built where it will live
  instead of being moved there.)
- A lock lets one installation run at a time; the others wait and then find it done.
- Only wheels whose hash is in the pins are installed.

Needs nothing but the standard library.
"""

import argparse
import contextlib
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import venv

TOOLS = pathlib.Path(__file__).resolve().parent
PINS = TOOLS / "requirements.txt"
TERRAFORM_PINS = TOOLS / "requirements-terraform.txt"
SHIM = TOOLS / "terraform.py"


def say(text: str) -> None:
    print(f"hookline: {text}", file=sys.stderr, flush=True)


def cache_folder() -> pathlib.Path:
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base) / "hookline" / "tools"


def environment_name() -> str:
    """Pins, Python and its location: an environment is a set of links to one Python."""
    key = hashlib.sha256()
    for part in (PINS.read_bytes(), TERRAFORM_PINS.read_bytes(), SHIM.read_bytes()):
        key.update(hashlib.sha256(part).digest())
    key.update(f"{sys.version} {sys.base_prefix}".encode())
    return f"py{sys.version_info.major}.{sys.version_info.minor}-{key.hexdigest()[:20]}"


@contextlib.contextmanager
def locked(folder: pathlib.Path):
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another run is installing the tools; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def pip(environment: pathlib.Path, pins: pathlib.Path) -> None:
    subprocess.run(
        [environment / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--no-input", "--require-hashes", "--only-binary=:all:", "-r", pins],
        check=True,
    )  # fmt: skip


def install_tools(environment: pathlib.Path) -> None:
    if environment.exists():
        say("an earlier installation was interrupted: starting again")
        shutil.rmtree(environment)
    say("installing the pinned tools (just, cargo-lambda, zig, the AWS emulator): about 200 MB, once")
    venv.create(environment, with_pip=True, symlinks=True)
    pip(environment, PINS)
    shutil.copy(PINS, environment / PINS.name)
    shutil.copy(TERRAFORM_PINS, environment / TERRAFORM_PINS.name)
    (environment / "complete").touch()


def install_terraform(environment: pathlib.Path) -> None:
    say("neither terraform nor tofu is on PATH: installing Terraform from the pinned library, 64 MB, once")
    pip(environment, TERRAFORM_PINS)
    command = environment / "bin" / "terraform"
    command.write_text(f"#!{environment / 'bin' / 'python'}\n{SHIM.read_text()}")
    command.chmod(0o755)
    (environment / "complete-with-terraform").touch()


def link(root: pathlib.Path, environment: pathlib.Path) -> None:
    """Renaming over the old link keeps .tools/venv usable at every moment."""
    folder = root / ".tools"
    folder.mkdir(exist_ok=True)
    fresh = folder / f"venv.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(environment)
    fresh.replace(folder / "venv")


def main() -> int:
    arguments = argparse.ArgumentParser(description="Installs the pinned tools.")
    arguments.add_argument("root", type=pathlib.Path)
    arguments.add_argument("--terraform", action="store_true", help="install Terraform as well")
    options = arguments.parse_args()

    cache = cache_folder()
    environment = cache / environment_name()
    try:
        with locked(cache):
            if not (environment / "complete").exists():
                install_tools(environment)
            if options.terraform and not (environment / "complete-with-terraform").exists():
                install_terraform(environment)
            link(options.root, environment)
    except KeyboardInterrupt:
        say("interrupted: the next run starts the installation again")
        return 130
    except subprocess.CalledProcessError as failed:
        say(f"could not install the pinned tools (see above; pip ended with {failed.returncode}): "
            "check the network and pip's settings, then run this again")  # fmt: skip
        return 1
    except OSError as failed:
        say(f"could not install the pinned tools under {cache}: {failed}; set XDG_CACHE_HOME to a writable folder")
        return 1
    say(f"tools ready in {environment}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
