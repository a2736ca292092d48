"""`./just deploy env=staging` is understood, and what is not is refused with an example."""

import json
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import deploy


def test_environment_settings_and_terraforms_options_are_told_apart():
    words = ["env=staging", "region=eu-west-1", "-auto-approve", "-var=x=y"]
    assert deploy.parse("deploy", words) == ("staging", {"region": "eu-west-1"}, ["-auto-approve", "-var=x=y"])


@pytest.mark.parametrize("words", [["staging"], ["environment=staging"], ["env=staging", "oops"]])
def test_anything_else_is_refused_with_an_example(words):
    with pytest.raises(deploy.Failure, match="./just deploy env=staging"):
        deploy.parse("deploy", words)


def test_the_environment_must_be_named():
    with pytest.raises(deploy.Failure, match="which environment"):
        deploy.parse("destroy", [])


@pytest.mark.parametrize("name", ["", "Prod", "-a", "a-", "a_b", "a" * 21, "a\nb"])
def test_a_malformed_environment_is_refused(name):
    with pytest.raises(deploy.Failure, match="1 to 20 lower-case letters"):
        deploy.parse("plan", [f"env={name}"])


class Recorder:
    """Stands in for the commands that would be run."""

    def __init__(self, monkeypatch, out, document):
        self.commands = []
        out.mkdir()
        (out / "main.tf.json").write_text(json.dumps(document))
        monkeypatch.setattr(deploy, "OUT", out)
        monkeypatch.setattr(deploy, "find_terraform", lambda: "terraform")
        monkeypatch.setattr(deploy, "run", self)

    def __call__(self, *command, env=None):
        words = [str(word) for word in command]
        self.commands.append((words, (env or {}).get("TF_DATA_DIR")))

    def of_terraform(self):
        return [words[2:] for words, _ in self.commands if words[0] == "terraform"]


def test_local_state_lies_in_a_workspace_of_the_environments_name(tmp_path, monkeypatch):
    recorder = Recorder(monkeypatch, tmp_path / "out", {"terraform": {}})
    monkeypatch.setattr(sys, "argv", ["deploy.py", "deploy", "env=staging", "-auto-approve"])
    assert deploy.main() == 0
    assert recorder.of_terraform() == [
        ["init", "-input=false"],
        ["workspace", "select", "-or-create", "staging"],
        ["apply", "-auto-approve"],
    ]
    assert {folder for words, folder in recorder.commands if words[0] == "terraform"} == {".terraform-staging"}


def test_a_remote_backend_needs_no_workspace(tmp_path, monkeypatch):
    recorder = Recorder(monkeypatch, tmp_path / "out", {"terraform": {"backend": {"s3": {"bucket": "b"}}}})
    monkeypatch.setattr(sys, "argv", ["deploy.py", "plan", "env=staging"])
    assert deploy.main() == 0
    assert recorder.of_terraform() == [["init", "-input=false"], ["plan"]]


def test_destroying_needs_no_build_when_the_zips_are_there(tmp_path, monkeypatch):
    recorder = Recorder(monkeypatch, tmp_path / "out", {})
    for name in deploy.ZIPS:
        (tmp_path / "out" / name).touch()
    monkeypatch.setattr(sys, "argv", ["deploy.py", "destroy", "env=staging"])
    assert deploy.main() == 0
    assert not any("build.py" in word for words, _ in recorder.commands for word in words)
    assert recorder.of_terraform()[-1] == ["destroy"]
