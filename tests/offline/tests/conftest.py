"""One emulator for the whole run, a plugin folder, and a workspace per test."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

OFFLINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(OFFLINE))
from install import install  # noqa: E402
from inventory import inventory  # noqa: E402
from offline_provider.cloud import Cloud  # noqa: E402
from override import SERVICES, override  # noqa: E402

READY_SECONDS = 30
VERSIONS = {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "~> 6.66"}}}}
TERRAFORM = shutil.which("terraform") or shutil.which("tofu")


class Emulator:
    """A ministack process of our own on a free port, with a home of its own."""

    def __init__(self, home: Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(home),
            "TMPDIR": str(home),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "AWS_ENDPOINT_URL": self.url,
            "MINISTACK_REGION": "us-east-1",
            "LOG_LEVEL": "WARNING",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }
        self.log = (home / "ministack.log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ministack"], env=environment, cwd=home, stdout=self.log, stderr=subprocess.STDOUT
        )

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/_ministack/ready", timeout=2):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        raise RuntimeError(f"the emulator did not start: see {self.log.name}")

    def reset(self) -> None:
        request = urllib.request.Request(f"{self.url}/_ministack/reset", method="POST")
        urllib.request.urlopen(request, timeout=10).close()

    def client(self, service: str):
        return Cloud(endpoints={name: self.url for name in SERVICES}).client(service)

    def left(self) -> dict:
        return inventory(self.url)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Workspace:
    """A folder with a document, its override, and the real terraform CLI over it."""

    def __init__(self, folder: Path, plugins: Path, endpoint: str):
        self.folder, self.plugins = folder, plugins
        self.patience = 180  # seconds for one run of terraform
        (folder / "empty.tfrc").touch()
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "TF_CLI_CONFIG_FILE": str(folder / "empty.tfrc"), "CHECKPOINT_DISABLE": "1"}
        self.write("versions.tf.json", VERSIONS)
        self.write("override.tf.json", override(endpoint))

    def write(self, name: str, document: dict) -> None:
        (self.folder / name).write_text(json.dumps(document))

    def document(self, document: dict) -> None:
        self.write("main.tf.json", {"provider": {"aws": {"region": "us-east-1"}}} | document)

    def terraform(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [TERRAFORM, *arguments], cwd=self.folder, env=os.environ | self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=self.patience,
        )  # fmt: skip

    def ok(self, *arguments: str) -> str:
        done = self.terraform(*arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def refused(self, *arguments: str) -> str:
        done = self.terraform(*arguments)
        assert done.returncode == 1, done.stdout
        return " ".join(done.stdout.split())

    def init(self) -> str:
        return self.ok("init", "-no-color", f"-plugin-dir={self.plugins}")

    def apply(self, document: dict) -> str:
        self.document(document)
        if not (self.folder / ".terraform").exists():
            self.init()
        return self.ok("apply", "-no-color", "-auto-approve")

    def destroy(self) -> str:
        return self.ok("destroy", "-no-color", "-auto-approve")

    def changes(self) -> dict:
        """Address -> action of the next plan."""
        done = self.terraform("plan", "-json", "-detailed-exitcode")
        assert done.returncode in (0, 2), done.stdout
        events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        changes = [event["change"] for event in events if event["type"] == "planned_change"]
        assert bool(changes) == (done.returncode == 2), done.stdout
        return {change["resource"]["addr"]: change["action"] for change in changes}

    def state(self) -> dict:
        """Address -> attribute values, of the managed resources."""
        resources = json.loads((self.folder / "terraform.tfstate").read_text())["resources"]
        managed = [resource for resource in resources if resource["mode"] == "managed"]
        return {f"{resource['type']}.{resource['name']}": resource["instances"][0]["attributes"] for resource in managed}


@pytest.fixture(scope="session")
def plugins(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plugins")
    install(folder)
    return folder


@pytest.fixture(scope="session")
def one_emulator(tmp_path_factory):
    emulator = Emulator(tmp_path_factory.mktemp("emulator"))
    try:
        emulator.wait_until_ready()
        yield emulator
    finally:
        emulator.stop()


@pytest.fixture
def emulator(one_emulator):
    one_emulator.reset()
    return one_emulator


@pytest.fixture
def workspace(tmp_path, plugins, emulator):
    if not TERRAFORM:
        pytest.skip("neither terraform nor tofu is on the PATH")
    return Workspace(tmp_path, plugins, emulator.url)
