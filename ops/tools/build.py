"""Builds both Lambda functions into out/ingestion.zip and out/processing.zip.

    build.py [--arm64 | --x86-64] [--out FOLDER]
    build.py --local [--compiled]

`--local` is for the emulator on this machine, and never for AWS: debug programs, compiled together with the commands in one
cargo call, packed into target/local/out/ where no deployment looks.

What it guarantees for a deployment: one source, one compiler, one zip, byte for byte, wherever the checkout lies and whenever it is
built; otherwise every `terraform plan` would show a change. Hence
- paths of this machine are mapped to fixed ones before they reach the binary (panic messages name source files);
- the zip is written here and not by cargo-lambda, whose zips carry the time of the build.

Across machines the bytes also depend on the zlib that Python was built with: build what is deployed in one place.

A zip whose program did not change keeps its bytes and gets a new date. Needs no AWS account and no network once the crates are there.
"""

import argparse
import io
import os
import pathlib
import platform
import struct
import subprocess
import sys
import tempfile
import tomllib
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from console import Failure, complain, run_command, stand_with_the_user

FUNCTIONS = ("ingestion", "processing")
PACKAGE = "hookline-functions"
# Architecture in AWS's words -> cargo-lambda's option, Rust's target, e_machine in the ELF header.
ARCHITECTURES = {
    "x86_64": ("--x86-64", "x86_64-unknown-linux-gnu", 62),
    "arm64": ("--arm64", "aarch64-unknown-linux-gnu", 183),
}
ROOT = pathlib.Path(__file__).resolve().parents[2]
EXECUTABLE_FILE = 0o100755
BEST_COMPRESSION = 9
FASTEST_COMPRESSION = 1
LOCAL_OUT = ROOT / "target/local/out"
EARLIEST_DATE = (1980, 1, 1, 0, 0, 0)
MADE_BY_UNIX = 3


def configured_architecture() -> str:
    """What hookline.toml deploys; synth reads the same setting and has the same default."""
    try:
        settings = tomllib.loads((ROOT / "hookline.toml").read_text())
    except FileNotFoundError:
        return "x86_64"
    except tomllib.TOMLDecodeError as broken:
        raise Failure(f"hookline.toml cannot be read: {broken}") from broken
    chosen = settings.get("deployment", {}).get("architecture", "x86_64")
    if chosen not in ARCHITECTURES:
        raise Failure(f'hookline.toml: architecture = "{chosen}" is none of {", ".join(ARCHITECTURES)}')
    return chosen


def output_of(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def target_folder() -> pathlib.Path:
    return ROOT / (os.environ.get("CARGO_TARGET_DIR") or "target")


def path_mappings() -> list[str]:
    """From the general to the special: rustc takes the last mapping that fits."""
    sysroot = output_of("rustc", "--print", "sysroot")
    commit = next(line.split()[-1] for line in output_of("rustc", "-vV").splitlines() if line.startswith("commit-hash"))
    cargo_home = os.environ.get("CARGO_HOME") or pathlib.Path.home() / ".cargo"
    mappings = {
        str(cargo_home): "/cargo",
        str(ROOT): "/hookline",
        str(target_folder()): "/hookline/target",
        # Where rust-src is installed rustc would name its local copy of the standard library.
        f"{sysroot}/lib/rustlib/src/rust": f"/rustc/{commit}",
    }
    return [f"--remap-path-prefix={local}={fixed}" for local, fixed in mappings.items()]


def compile_functions(architecture: str) -> dict[str, pathlib.Path]:
    option, target, _ = ARCHITECTURES[architecture]
    installed = pathlib.Path(output_of("rustc", "--print", "target-libdir", "--target", target))
    if not installed.is_dir():
        raise Failure(f"Rust's target {target} is not installed: run `rustup target add {target}`")
    folder = target_folder() / f"lambda-{architecture}"
    tools = pathlib.Path(sys.executable).parent
    environment = dict(os.environ)
    environment["PATH"] = f"{tools}{os.pathsep}{environment['PATH']}"
    flags = [*environment.pop("CARGO_ENCODED_RUSTFLAGS", "").split("\x1f"), *environment.pop("RUSTFLAGS", "").split()]
    environment["CARGO_TARGET_DIR"] = str(target_folder())
    environment["CARGO_ENCODED_RUSTFLAGS"] = "\x1f".join([*filter(None, flags), *path_mappings()])
    cargo(
        tools / "cargo-lambda", "lambda", "build", "--release", "--output-format", "binary",
        # The profile in Cargo.toml decides; cargo-lambda's own would turn panics into aborts.
        "--disable-optimizations",
        option, "--package", PACKAGE, *(word for name in FUNCTIONS for word in ("--bin", name)),
        "--lambda-dir", folder,
        environment=environment,
    )  # fmt: skip
    return {name: folder / name / "bootstrap" for name in FUNCTIONS}


def compile_locally() -> dict[str, pathlib.Path]:
    # The tests build the same programs with the same features: what one has compiled the other finds.
    cargo("cargo", "build", "--quiet", "--workspace", "--all-features", "--bins")
    return local_programs()


def local_programs() -> dict[str, pathlib.Path]:
    return {name: target_folder() / "debug" / name for name in FUNCTIONS}


def cargo(*command: str | pathlib.Path, environment: dict[str, str] | None = None) -> None:
    try:
        subprocess.run(command, check=True, cwd=ROOT, env=environment)
    except subprocess.CalledProcessError as failed:
        raise Failure(f"the functions did not build (see above; cargo ended with {failed.returncode})") from failed


def zip_of_one(name: str, program: bytes, level: int = BEST_COMPRESSION) -> bytes:
    """A zip with one executable file, dated 1980-01-01 as the format's earliest day."""
    entry = zipfile.ZipInfo(name, date_time=EARLIEST_DATE)
    entry.external_attr = EXECUTABLE_FILE << 16
    entry.create_system = MADE_BY_UNIX
    entry.compress_type = zipfile.ZIP_DEFLATED
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(entry, program, compresslevel=level)
    return content.getvalue()


def check_program(program: bytes, architecture: str, source: pathlib.Path) -> None:
    machine = struct.unpack_from("<H", program, 18)[0] if program[:4] == b"\x7fELF" else None
    if machine != ARCHITECTURES[architecture][2]:
        raise Failure(f"{source} is not a Linux program for {architecture}: run `./just clean`, then build again")


def holds_already(archive: pathlib.Path, program: bytes) -> bool:
    try:
        with zipfile.ZipFile(archive) as found:
            (only,) = found.infolist()
            written_here = only.date_time == EARLIEST_DATE and only.external_attr == EXECUTABLE_FILE << 16
            return written_here and only.filename == "bootstrap" and found.read(only) == program
    except (OSError, ValueError, zipfile.BadZipFile):
        return False


def write(archive: pathlib.Path, content: bytes) -> None:
    """All or nothing: a reader sees the old zip or the new one."""
    with tempfile.NamedTemporaryFile(dir=archive.parent, prefix=f".{archive.name}.", delete=False) as part:
        try:
            part.write(content)
            part.close()
            os.chmod(part.name, 0o644)
            os.replace(part.name, archive)
        except BaseException:
            pathlib.Path(part.name).unlink(missing_ok=True)
            raise


def pack(source: pathlib.Path, archive: pathlib.Path, architecture: str, level: int = BEST_COMPRESSION) -> None:
    try:
        program = source.read_bytes()
    except FileNotFoundError as missing:
        raise Failure(f"{source} is not there: compile it, for this machine with `./just build --local`") from missing
    check_program(program, architecture, source)
    if holds_already(archive, program):
        # Its time says when it was last known to be up to date; synth compares that with the sources.
        os.utime(archive)
        return
    complain(f"hookline: packing {archive.name}")
    write(archive, zip_of_one("bootstrap", program, level))


def main() -> None:
    stand_with_the_user()
    arguments = argparse.ArgumentParser(prog="./just build", description="Builds both Lambda zips into out/.")
    which = arguments.add_mutually_exclusive_group()
    which.add_argument("--arm64", dest="architecture", action="store_const", const="arm64")
    which.add_argument("--x86-64", dest="architecture", action="store_const", const="x86_64")
    which.add_argument("--local", action="store_true", help="for the emulator on this machine, into target/local/out")
    arguments.add_argument("--compiled", action="store_true", help="with --local: pack what cargo has compiled already")
    arguments.add_argument("--out", type=pathlib.Path, help="where the zips go (out)")
    options = arguments.parse_args()
    if options.compiled and not options.local:
        arguments.error("--compiled goes with --local")
    if options.local:
        architecture = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
        level, out = FASTEST_COMPRESSION, options.out or LOCAL_OUT
    else:
        architecture = options.architecture or configured_architecture()
        level, out = BEST_COMPRESSION, options.out or ROOT / "out"
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise Failure(f"{failure}: make the folder writable, or name another with --out") from failure
    if options.compiled:
        programs = local_programs()
    else:
        programs = compile_locally() if options.local else compile_functions(architecture)
    for name, program in programs.items():
        archive = out / f"{name}.zip"
        pack(program, archive, architecture, level)
        if not options.local:
            print(f"{out.name}/{archive.name}  {architecture}  {archive.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    sys.exit(run_command(main))
