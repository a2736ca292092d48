"""200 providers with the longest ids and the longest suffix, deployed: `./just scale`, about ten minutes."""

import io
import os
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

PROVIDERS = 200
SUFFIX = "a-suffix-of-20-chars"
CHECKOUT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif("HOOKLINE_SCALE" not in os.environ, reason="takes minutes: run ./just scale")


def function_zip() -> bytes:
    """A zip that synth takes for a function: an ELF header for x86-64."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap", (2020, 1, 1, 0, 0, 0))
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, b"\x7fELF".ljust(16, b"\0") + struct.pack("<HH", 2, 62) + bytes(44))
    return buffer.getvalue()


def test_200_providers_apply_replan_clean_and_leave_nothing_behind(workspace, emulator):
    workspace.patience = 1800
    ids = [f"acme-payments-of-the-world-{index:05}" for index in range(PROVIDERS)]
    assert {len(provider) for provider in ids} == {32} and len(SUFFIX) == 20
    config = workspace.folder / "hookline.toml"
    config.write_text("".join(f'[providers.{provider}]\nscheme = "standard-webhooks"\n' for provider in ids))
    for name in ("ingestion", "processing"):
        (workspace.folder / f"{name}.zip").write_bytes(function_zip())
    synth = ["cargo", "run", "--quiet", "--profile", "quick", "--package", "hookline-ops", "--", "synth"]
    options = ["--config", config, "--out", workspace.folder, "--environment-suffix", SUFFIX]
    subprocess.run([*synth, *options], cwd=CHECKOUT, check=True)
    workspace.init()
    workspace.ok("apply", "-no-color", "-auto-approve")
    assert workspace.changes() == {}
    left = emulator.left()
    assert len(left["events.rules"]) == len(left["secretsmanager.secrets"]) == PROVIDERS
    assert len(left["sqs.queues"]) == PROVIDERS + 3
    workspace.destroy()
    assert emulator.left() == {}
