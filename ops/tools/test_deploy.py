"""`./just deploy env=staging`: what is not understood is refused with an example, what cannot work before anything is built."""

import contextlib
import http.server
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import console
import deploy


def test_environment_settings_and_terraforms_options_are_told_apart():
    words = ["env=staging", "region=eu-west-1", "-auto-approve", "-var=x=y"]
    assert deploy.parse("deploy", words) == ("staging", {"region": "eu-west-1"}, ["-auto-approve", "-var=x=y"])


def test_relative_paths_in_terraforms_options_are_the_users(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, _, passed_on = deploy.parse("plan", ["env=staging", "-out=a.plan", "-var-file=/b.tfvars", "-var=file=c"])
    assert passed_on == [f"-out={tmp_path}/a.plan", "-var-file=/b.tfvars", "-var=file=c"]


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


class Stage:
    """A checkout's out/ and a record of the commands that would be run."""

    def __init__(self, folder, monkeypatch, backend):
        self.out, self.commands, self.backend, self.fails = folder / "out", [], backend, lambda words: False
        self.monkeypatch = monkeypatch
        self.out.mkdir()
        monkeypatch.chdir(folder)
        monkeypatch.delenv("HOOKLINE_FROM", raising=False)
        monkeypatch.setattr(deploy, "OUT", self.out)
        monkeypatch.setattr(deploy, "LOOK", folder / "look")
        monkeypatch.setattr(deploy, "find_terraform", lambda: "terraform")
        monkeypatch.setattr(deploy, "look_at_aws", lambda region: self.commands.append((["aws", region], None)))
        monkeypatch.setattr(deploy, "run", self)

    def __call__(self, *command, env=None, **_):
        words = [str(word) for word in command]
        self.commands.append((words, env))
        if self.fails(words):
            raise deploy.Failure("it failed")
        if "init" in words:
            pathlib.Path(words[1].removeprefix("-chdir=") + "/.terraform.lock.hcl").touch()
        if "settings" in words:
            region = words[words.index("--region") + 1] if "--region" in words else "us-east-1"
            terraform = {"required_version": ">= 1.10"} | ({"backend": self.backend} if self.backend else {})
            return json.dumps({"region": region, "architecture": "x86_64", "terraform": terraform})
        return None

    def start(self, *words):
        self.monkeypatch.setattr(sys, "argv", ["deploy.py", *words])
        return console.run_command(deploy.main)

    def steps(self):
        """The commands without their options."""
        names = {"cargo": lambda words: words[8], "terraform": lambda words: f"{pathlib.Path(words[1]).name} {words[2]}"}
        return [names.get(words[0], lambda words: words[0])(words) if words[0] in (*names, "aws") else "build" for words, _ in self.commands]

    def of_terraform(self):
        return [words[2:] for words, _ in self.commands if words[0] == "terraform" and words[1] == f"-chdir={self.out}"]

    def state(self, workspace, region):
        folder = self.out / "terraform.tfstate.d" / workspace
        folder.mkdir(parents=True)
        arn = f"arn:aws:sqs:{region}:123456789012:q" if region else "no arn"
        resources = [{"mode": "managed", "instances": [{"attributes": {"arn": "arn:aws:s3:::b"}}, {"attributes": {"arn": arn}}]}]
        (folder / "terraform.tfstate").write_text(json.dumps({"resources": resources}))
        return folder / "terraform.tfstate"


@pytest.fixture
def stage(tmp_path, monkeypatch):
    return lambda backend=None: Stage(tmp_path, monkeypatch, backend)


def test_everything_that_can_fail_in_seconds_is_looked_at_before_anything_is_built(stage):
    stage = stage()
    assert stage.start("deploy", "env=staging") == 0
    assert stage.steps() == ["settings", "aws", "look init", "build", "synth", "out init", "out workspace", "out apply"]


@pytest.mark.parametrize("step", ["settings", "init"])
def test_what_fails_then_is_the_end_and_nothing_is_built(stage, capfd, step):
    stage = stage()
    stage.fails = lambda words: step in words
    assert stage.start("deploy", "env=staging") == 1
    assert "build" not in stage.steps()
    assert capfd.readouterr().err.startswith("error: it failed")


def test_a_registry_out_of_reach_is_told_with_its_remedy(stage, capfd):
    stage = stage()
    stage.fails = lambda words: "init" in words
    assert stage.start("plan", "env=staging") == 1
    assert "registry (or your mirror) must be in reach" in capfd.readouterr().err


def test_each_region_of_an_environment_has_a_state_of_its_own(stage):
    stage = stage()
    assert stage.start("deploy", "env=staging", "-auto-approve") == 0
    assert stage.start("deploy", "env=staging", "region=eu-west-1") == 0
    assert stage.of_terraform() == [
        ["init", "-input=false"],
        ["workspace", "select", "-or-create", "staging.us-east-1"],
        ["apply", "-auto-approve"],
        ["init", "-input=false"],
        ["workspace", "select", "-or-create", "staging.eu-west-1"],
        ["apply"],
    ]
    folders = {env["TF_DATA_DIR"] for words, env in stage.commands if words[0] == "terraform"}
    assert folders == {f"{stage.out}/.terraform-staging.us-east-1", f"{stage.out}/.terraform-staging.eu-west-1"}


@pytest.mark.parametrize("asked_for", ["us-east-1", "eu-west-1"])
def test_a_state_under_the_environments_name_alone_moves_to_the_region_it_is_in(stage, capfd, asked_for):
    stage = stage()
    earlier = stage.state("staging", "us-east-1")
    assert stage.start("plan", "env=staging", f"region={asked_for}") == 0
    assert not earlier.exists()
    assert (stage.out / "terraform.tfstate.d/staging.us-east-1/terraform.tfstate").exists()
    assert "the state of staging is in us-east-1; it is now out/terraform.tfstate.d/staging.us-east-1/" in capfd.readouterr().err
    assert ["workspace", "select", "-or-create", f"staging.{asked_for}"] in stage.of_terraform()


def test_a_state_that_does_not_tell_its_region_is_not_guessed_at(stage, capfd):
    stage = stage()
    earlier = stage.state("staging", None)
    assert stage.start("deploy", "env=staging") == 1
    assert earlier.exists() and "build" not in stage.steps()
    assert "Rename it to staging.REGION" in capfd.readouterr().err


def test_two_states_of_one_environment_and_region_are_not_chosen_between(stage, capfd):
    stage = stage()
    earlier, newer = stage.state("staging", "us-east-1"), stage.state("staging.us-east-1", "us-east-1")
    assert stage.start("deploy", "env=staging") == 1
    assert earlier.exists() and newer.exists() and "build" not in stage.steps()
    assert "both" in capfd.readouterr().err


S3 = {"s3": {"bucket": "b", "key": "hookline/staging/us-east-1/terraform.tfstate", "region": "us-east-1"}}


class Bucket:
    """Stands in for a session whose bucket holds these keys."""

    def __init__(self, *keys):
        self.keys = keys

    def create_client(self, *_, **__):
        return self

    def head_object(self, Bucket, Key):  # noqa: N803 - botocore's names
        import botocore.exceptions

        if Key not in self.keys:
            raise botocore.exceptions.ClientError({"Error": {"Code": "404"}}, "HeadObject")


def test_a_remote_backend_needs_no_workspace(stage, monkeypatch):
    stage = stage(S3)
    monkeypatch.setattr(deploy, "look_at_aws", lambda region: Bucket())
    assert stage.start("plan", "env=staging") == 0
    assert stage.of_terraform() == [["init", "-input=false"], ["plan"]]


def test_a_state_under_a_key_without_region_is_told_with_the_command_that_moves_it(stage, monkeypatch, capfd):
    stage = stage(S3)
    monkeypatch.setattr(deploy, "look_at_aws", lambda region: Bucket("hookline/staging/terraform.tfstate"))
    assert stage.start("deploy", "env=staging") == 1
    moved = "aws s3 mv s3://b/hookline/staging/terraform.tfstate s3://b/hookline/staging/us-east-1/terraform.tfstate"
    assert moved in capfd.readouterr().err and "build" not in stage.steps()
    monkeypatch.setattr(deploy, "look_at_aws", lambda region: Bucket("hookline/staging/terraform.tfstate", S3["s3"]["key"]))
    assert stage.start("deploy", "env=staging") == 0


def test_destroying_needs_no_build_when_the_zips_are_there(stage):
    stage = stage()
    for name in deploy.ZIPS:
        (stage.out / name).touch()
    assert stage.start("destroy", "env=staging") == 0
    assert "build" not in stage.steps()
    assert stage.of_terraform()[-1] == ["destroy"]


def program(folder, text):
    file = folder / "terraform"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize(("says", "answer"), [
    ('{"terraform_version": "1.9.8"}', "is 1.9.8: install Terraform 1.10 or newer"),
    ("nonsense", "does not say its version"),
    ('{"terraform_version": "1.10.0"}', None),
    ('{"terraform_version": "2.0.0-beta1"}', None),
])  # fmt: skip
def test_an_old_terraform_is_refused(tmp_path, monkeypatch, says, answer):
    program(tmp_path, f"echo '{says}'")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    if answer is None:
        assert deploy.find_terraform() == str(tmp_path / "terraform")
    else:
        with pytest.raises(deploy.Failure, match=answer):
            deploy.find_terraform()


def test_a_missing_terraform_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(deploy.Failure, match="neither terraform nor tofu is on PATH"):
        deploy.find_terraform()


@contextlib.contextmanager
def token_service(status, body):
    """An STS that answers every question alike."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def credentials(tmp_path, monkeypatch):
    """No account but the one a test names."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return lambda **given: [monkeypatch.setenv(name, value) for name, value in given.items()]


def test_missing_credentials_are_told_with_the_remedy(credentials):
    with pytest.raises(deploy.Failure, match="no AWS credentials: set AWS_PROFILE"):
        deploy.look_at_aws("us-east-1")


def test_an_unknown_profile_is_told(credentials):
    credentials(AWS_PROFILE="nobody")
    with pytest.raises(deploy.Failure, match="cannot be used .*nobody"):
        deploy.look_at_aws("us-east-1")


def test_expired_credentials_are_told(credentials):
    body = "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>expired</Message></Error></ErrorResponse>"
    with token_service(403, body) as url:
        credentials(AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b", AWS_ENDPOINT_URL_STS=url)
        with pytest.raises(deploy.Failure, match="refuses the credentials in eu-west-1 .ExpiredToken: expired.: log in again"):
            deploy.look_at_aws("eu-west-1")


def test_a_region_that_does_not_answer_is_told(credentials):
    credentials(AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b", AWS_ENDPOINT_URL_STS="http://127.0.0.1:1")
    with pytest.raises(deploy.Failure, match="does not answer in eu-wst-1 .*is spelled right"):
        deploy.look_at_aws("eu-wst-1")


def test_whose_account_it_is_is_said_before_anything_happens(credentials, capfd):
    body = ("<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account><UserId>u</UserId>"
            "<Arn>arn:aws:iam::123456789012:user/u</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>")  # fmt: skip
    with token_service(200, body) as url:
        credentials(AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b", AWS_ENDPOINT_URL_STS=url)
        deploy.look_at_aws("eu-west-1")
    assert "account 123456789012, region eu-west-1, as arn:aws:iam::123456789012:user/u" in capfd.readouterr().err


def test_an_interrupt_lets_terraform_end_in_its_own_order(tmp_path):
    """As in a terminal, where Ctrl-C reaches the whole process group; Terraform needs a moment to write its state."""
    terraform = program(tmp_path, f'trap "sleep 0.6; echo kept > {tmp_path}/state; exit 1" INT\n: > {tmp_path}/at-work\nwhile :; do sleep 0.05; done')
    script = f"import sys; sys.path.insert(0, {str(pathlib.Path(__file__).parent)!r}); import console, deploy; sys.exit(console.run_command(lambda: deploy.run({str(terraform)!r}, 'apply')))"
    running = subprocess.Popen([sys.executable, "-c", script], start_new_session=True)
    while not (tmp_path / "at-work").exists():
        assert running.poll() is None
    os.killpg(running.pid, signal.SIGINT)
    assert running.wait(timeout=20) == console.INTERRUPTED
    assert (tmp_path / "state").read_text() == "kept\n"


@pytest.mark.parametrize(("stdout", "code", "said"), [("closed", 141, ""), ("full", 1, "No space left on device")])
def test_a_reader_that_went_away_is_no_word_and_a_full_disk_is_one_line(stdout, code, said):
    script = f"import sys; sys.path.insert(0, {str(pathlib.Path(__file__).parent)!r}); import console; sys.exit(console.run_command(lambda: print('x')))"
    if stdout == "full":
        target = os.open("/dev/full", os.O_WRONLY)
    else:
        reader, target = os.pipe()
        os.close(reader)
    ended = subprocess.run([sys.executable, "-c", script], stdout=target, stderr=subprocess.PIPE, text=True)
    os.close(target)
    assert ended.returncode == code
    assert ended.stderr.count("\n") == (1 if said else 0) and said in ended.stderr
