"""The zips are reproducible, startable and left alone when nothing changed."""

import os
import pathlib
import struct
import sys
import zipfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import build

X86_64, AARCH64 = 62, 183


def elf(machine: int, content: bytes = b"") -> bytes:
    return b"\x7fELF" + bytes(14) + struct.pack("<H", machine) + content


def test_the_zip_holds_one_executable_file_named_bootstrap(tmp_path):
    archive = tmp_path / "x.zip"
    archive.write_bytes(build.zip_of_one("bootstrap", elf(X86_64, b"program" * 1000)))
    with zipfile.ZipFile(archive) as found:
        assert found.testzip() is None
        (only,) = found.infolist()
        assert only.filename == "bootstrap"
        assert only.external_attr >> 16 == 0o100755
        assert only.date_time == (1980, 1, 1, 0, 0, 0)
        assert found.read(only) == elf(X86_64, b"program" * 1000)


def test_the_same_program_gives_the_same_bytes():
    assert build.zip_of_one("bootstrap", b"a" * 9999) == build.zip_of_one("bootstrap", b"a" * 9999)


def test_an_unchanged_program_leaves_the_zip_alone(tmp_path):
    source, archive = tmp_path / "bootstrap", tmp_path / "x.zip"
    source.write_bytes(elf(X86_64, b"one"))
    build.pack(source, archive, "x86_64")
    os.utime(archive, (1, 1))
    before = archive.stat()
    build.pack(source, archive, "x86_64")
    assert archive.stat().st_ino == before.st_ino
    assert archive.stat().st_mtime > 1, "its date says when it was last known to be up to date"
    source.write_bytes(elf(X86_64, b"two"))
    build.pack(source, archive, "x86_64")
    assert archive.stat().st_ino != before.st_ino
    assert sorted(file.name for file in tmp_path.iterdir()) == ["bootstrap", "x.zip"]


def test_a_broken_zip_is_written_again(tmp_path):
    source, archive = tmp_path / "bootstrap", tmp_path / "x.zip"
    source.write_bytes(elf(X86_64))
    archive.write_bytes(b"not a zip")
    build.pack(source, archive, "x86_64")
    assert build.holds_already(archive, elf(X86_64))


def test_a_program_for_another_processor_is_refused(tmp_path):
    source, archive = tmp_path / "bootstrap", tmp_path / "x.zip"
    source.write_bytes(elf(AARCH64))
    with pytest.raises(build.Failure, match="not a Linux program for x86_64"):
        build.pack(source, archive, "x86_64")
    assert not archive.exists()


def test_the_architecture_is_the_one_that_hookline_toml_deploys(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "ROOT", tmp_path)
    assert build.configured_architecture() == "x86_64"
    (tmp_path / "hookline.toml").write_text('[deployment]\narchitecture = "arm64"\n')
    assert build.configured_architecture() == "arm64"
    (tmp_path / "hookline.toml").write_text('[deployment]\narchitecture = "mips"\n')
    with pytest.raises(build.Failure, match="is none of x86_64, arm64"):
        build.configured_architecture()


def test_paths_of_this_machine_are_mapped_away():
    mapped = [mapping.split("=")[1] for mapping in build.path_mappings()]
    assert str(build.ROOT) in mapped
    assert str(build.target_folder()) in mapped
    assert mapped.index(str(build.ROOT)) < mapped.index(str(build.target_folder())), "the last mapping that fits wins"


def test_a_program_that_was_not_compiled_is_told_with_the_command_that_does_it(tmp_path):
    with pytest.raises(build.Failure, match="is not there: compile it, for this machine with `./just build --local`"):
        build.pack(tmp_path / "ingestion", tmp_path / "x.zip", "x86_64")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout whose cargo only notes what it is asked for, and has compiled the functions."""
    asked = []
    machine = AARCH64 if build.platform.machine() in ("aarch64", "arm64") else X86_64
    (tmp_path / "target/debug").mkdir(parents=True)
    for name in build.FUNCTIONS:
        (tmp_path / "target/debug" / name).write_bytes(elf(machine, name.encode()))
    monkeypatch.delenv("CARGO_TARGET_DIR", raising=False)
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "LOCAL_OUT", tmp_path / "target/local/out")
    monkeypatch.setattr(build, "cargo", lambda *command, **_: asked.append(command))
    monkeypatch.setattr(build, "stand_with_the_user", lambda: None)
    return tmp_path, asked


@pytest.mark.parametrize(("options", "calls"), [(["--local"], 1), (["--local", "--compiled"], 0)])
def test_what_is_for_this_machine_is_compiled_once_and_kept_away_from_deployments(checkout, monkeypatch, options, calls):
    root, asked = checkout
    monkeypatch.setattr(sys, "argv", ["build.py", *options])
    build.main()
    assert asked == [("cargo", "build", "--quiet", "--workspace", "--all-features", "--bins")] * calls
    assert not (root / "out").exists()
    for name in build.FUNCTIONS:
        with zipfile.ZipFile(root / f"target/local/out/{name}.zip") as archive:
            assert archive.read("bootstrap").endswith(name.encode())


def test_a_deployment_is_never_packed_from_what_was_compiled_for_this_machine(checkout, monkeypatch, capsys):
    root, _ = checkout
    monkeypatch.setattr(sys, "argv", ["build.py", "--compiled"])
    with pytest.raises(SystemExit):
        build.main()
    assert "--compiled goes with --local" in capsys.readouterr().err
    assert not (root / "out").exists()
