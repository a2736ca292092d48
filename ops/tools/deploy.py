"""Deploys one environment to AWS, or plans or destroys it, with Terraform (or OpenTofu).

    deploy.py plan|deploy|destroy env=NAME [region=REGION] [backend=local|s3://BUCKET] [-TERRAFORM-OPTION ...]

The order is: first look whether it can work (seconds), then build (minutes), then Terraform, which asks before it changes
anything; `-auto-approve` answers beforehand. Looked at are, each with its remedy: the settings, terraform and its
version, the credentials (one call of STS, which needs no permission, so that expired ones are seen as well), the region,
and what `terraform init` will ask for: the provider's registry or mirror, and the state's backend.

An environment in a region has a state of its own:
- local state lies in a Terraform workspace NAME.REGION: out/terraform.tfstate.d/NAME.REGION/terraform.tfstate;
- with the S3 backend the key holds both already, so no workspace is used;
- Terraform's own folder is out/.terraform-NAME.REGION, so that deployments never see each other's backend or selection,
  and a plain `terraform -chdir=out ...` next to this command works in the default workspace as before.
A state that an earlier version left in a workspace NAME takes its place under the name of the region it is in.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from console import Failure, complain, run_command, stand_with_the_user

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "out"
LOOK = ROOT / "target/local/deploy"
LOCK_FILE = ".terraform.lock.hcl"
ZIPS = ("ingestion.zip", "processing.zip")
SUFFIX = re.compile(r"[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?")
# Our names -> the options of `hookline synth`.
SETTINGS = {"region": "--region", "backend": "--backend", "config": "--config", "architecture": "--architecture"}
# Terraform's options whose value is a path; it would take a relative one from out/.
PATHS = ("-var-file", "-out", "-generate-config-out")
USAGE = "./just {action} env=staging [region=eu-west-1] [backend=s3://my-state-bucket] [-auto-approve]"
OLDEST_TERRAFORM = (1, 10)
AWS_SECONDS = 5


def parse(action: str, words: list[str]) -> tuple[str, dict[str, str], list[str]]:
    """Splits `env=NAME`, other settings and Terraform's own options."""
    environment, settings, passed_on = None, {}, []
    for word in words:
        name, equals, value = word.partition("=")
        if word.startswith("-"):
            passed_on.append(f"{name}={pathlib.Path(value).absolute()}" if name in PATHS and value else word)
        elif equals and name == "env":
            environment = value
        elif equals and name in SETTINGS:
            settings[name] = value
        else:
            raise Failure(f"`{word}` is not understood: write {USAGE.format(action=action)}")
    if environment is None:
        raise Failure(f"which environment? Write {USAGE.format(action=action)}")
    if not SUFFIX.fullmatch(environment):
        raise Failure(f"env={environment}: an environment has 1 to 20 lower-case letters, digits and inner hyphens")
    return environment, settings, passed_on


@contextlib.contextmanager
def interrupts_are_the_childs():
    """A Ctrl-C reaches Terraform too, which ends in good order and keeps its state: it must not be killed meanwhile."""
    seen = []
    before = signal.signal(signal.SIGINT, lambda *_: seen.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if seen:
            raise KeyboardInterrupt


def run(*command: object, **options: object) -> str | None:
    words = [str(word) for word in command]
    # What hookline is told are the user's own paths.
    environment = {**os.environ, "HOOKLINE_FROM": os.getcwd(), **options.pop("env", {})}
    try:
        with interrupts_are_the_childs():
            return subprocess.run(words, check=True, cwd=ROOT, env=environment, text=True, **options).stdout
    except FileNotFoundError as missing:
        raise Failure(f"{words[0]} is missing: install it, or start this through ./just") from missing
    except subprocess.CalledProcessError as failed:
        said = "what it created so far is in the state; mend the cause and run the same command again"
        hint = f": {said}" if "apply" in words or "destroy" in words else ""
        raise Failure(f"`{pathlib.Path(words[0]).name}` ended with {failed.returncode} (see above){hint}") from failed


def hookline(command: str, environment: str, settings: dict[str, str], *more: object, **options: object) -> str | None:
    return run("cargo", "run", "--quiet", "--profile", "quick", "--package", "hookline-ops", "--", command,
               "--environment-suffix", environment,
               *(word for name, value in settings.items() for word in (SETTINGS[name], value)), *more, **options)  # fmt: skip


def find_terraform() -> str:
    for name in ("terraform", "tofu"):
        if found := shutil.which(name):
            break
    else:
        raise Failure("neither terraform nor tofu is on PATH: install Terraform 1.10 or newer, or start this through ./just")
    try:
        version = json.loads(run(found, "version", "-json", stdout=subprocess.PIPE))["terraform_version"]
        numbers = tuple(int(number) for number in re.match(r"(\d+)\.(\d+)", version).groups())
    except (ValueError, KeyError, TypeError, AttributeError) as strange:
        raise Failure(f"{found} does not say its version: put a Terraform or OpenTofu 1.10 or newer first on PATH") from strange
    if numbers < OLDEST_TERRAFORM:
        raise Failure(f"{found} is {version}: install Terraform 1.10 or newer, or put one first on PATH")
    return found


def look_at_aws(region: str):
    """The session whose credentials work in the region; says whose they are."""
    import botocore.config
    import botocore.exceptions as errors
    import botocore.session

    session = botocore.session.Session()
    try:
        credentials = session.get_credentials()
        if credentials is None:
            raise Failure("no AWS credentials: set AWS_PROFILE (after `aws sso login`), or AWS_ACCESS_KEY_ID and "
                          "AWS_SECRET_ACCESS_KEY")  # fmt: skip
        patience = botocore.config.Config(connect_timeout=AWS_SECONDS, read_timeout=AWS_SECONDS, retries={"max_attempts": 0})
        identity = session.create_client("sts", region_name=region, config=patience).get_caller_identity()
    except errors.ClientError as refused:
        reason = refused.response["Error"]
        raise Failure(f"AWS refuses the credentials in {region} ({reason['Code']}: {reason['Message']}): log in again, "
                      f"name another AWS_PROFILE, or enable the region {region} in the account") from refused  # fmt: skip
    except (errors.EndpointConnectionError, errors.HTTPClientError) as unreachable:
        raise Failure(f"AWS does not answer in {region} ({unreachable}): check the network and proxy, and that the region "
                      "is spelled right") from unreachable  # fmt: skip
    except errors.BotoCoreError as unusable:
        raise Failure(f"the AWS credentials cannot be used ({unusable}): check AWS_PROFILE and ~/.aws, or log in again") from unusable
    complain(f"hookline: account {identity['Account']}, region {region}, as {identity['Arn']}")
    return session


def look_at_init(terraform: str, document: dict, own: dict[str, str]) -> None:
    """Runs the very `terraform init` to come, on nothing but versions and backend. What it installs the real one finds."""
    shutil.rmtree(LOOK, ignore_errors=True)
    LOOK.mkdir(parents=True)
    (LOOK / "versions.tf.json").write_text(json.dumps({"terraform": document}))
    if (OUT / LOCK_FILE).exists():
        shutil.copy(OUT / LOCK_FILE, LOOK)
    try:
        run(terraform, f"-chdir={LOOK}", "init", "-input=false", env=own, stdout=subprocess.PIPE)
    except Failure as failure:
        raise Failure(f"{failure}: the provider's registry (or your mirror) must be in reach, and the state's backend must "
                      "exist; nothing was built or changed") from failure  # fmt: skip
    shutil.copy(LOOK / LOCK_FILE, OUT)
    shutil.rmtree(LOOK)


def region_of(state: dict) -> str | None:
    """The region that a state's resources are in, by the ARN of a function, queue or table."""
    for resource in state.get("resources", []):
        for instance in resource.get("instances", []):
            arn = str(instance.get("attributes", {}).get("arn", "")).split(":")
            if resource.get("mode") == "managed" and len(arn) > 5 and arn[3]:
                return arn[3]
    return None


def adopt_earlier_state(environment: str) -> None:
    """Workspaces were named after the environment alone: such a state moves to the name with its own region."""
    states = OUT / "terraform.tfstate.d"
    earlier = states / environment
    if not (earlier / "terraform.tfstate").exists():
        return
    try:
        state = json.loads((earlier / "terraform.tfstate").read_text())
    except ValueError as broken:
        raise Failure(f"{earlier}/terraform.tfstate is no Terraform state ({broken}): mend it, or move it away") from broken
    if not state.get("resources"):
        return
    region = region_of(state)
    if region is None:
        raise Failure(f"{earlier} holds the state of {environment} in a region that it does not tell. Rename it to "
                      f"{environment}.REGION, with the region it was deployed to, and run this again")  # fmt: skip
    place = states / f"{environment}.{region}"
    if (place / "terraform.tfstate").exists():
        raise Failure(f"both {earlier} and {place} hold a state of {environment} in {region}: keep the right one under the "
                      "second name, move the other away, and run this again")  # fmt: skip
    place.parent.mkdir(exist_ok=True)
    if place.exists():
        place.rmdir()
    earlier.rename(place)
    complain(f"hookline: the state of {environment} is in {region}; it is now out/terraform.tfstate.d/{place.name}/")


def refuse_earlier_key(session, environment: str, backend: dict) -> None:
    """The key in S3 held the environment alone. Moving state between keys is for its owner to do."""
    import botocore.exceptions as errors

    new = backend["key"]
    old = "/".join([*new.split("/")[:-2], "terraform.tfstate"])
    client = session.create_client("s3", region_name=backend["region"])

    def exists(key: str) -> bool:
        try:
            client.head_object(Bucket=backend["bucket"], Key=key)
        except (errors.ClientError, errors.BotoCoreError):
            # Not there, or not ours to see: terraform init has its own words for that.
            return False
        return True

    if exists(old) and not exists(new):
        place = f"s3://{backend['bucket']}"
        raise Failure(f"the state of {environment} is {place}/{old}, as an earlier version kept it; a state now has its "
                      f"region in the key. If it was deployed to this region: aws s3 mv {place}/{old} {place}/{new}")  # fmt: skip


def main() -> None:
    stand_with_the_user()
    action, *words = sys.argv[1:]
    environment, settings, passed_on = parse(action, words)
    terraform = find_terraform()
    wanted = json.loads(hookline("settings", environment, settings, stdout=subprocess.PIPE))
    region, backend = wanted["region"], wanted["terraform"].get("backend", {})
    session = look_at_aws(region)
    name = f"{environment}.{region}"
    own = {"TF_DATA_DIR": str(OUT / f".terraform-{name}"), "TF_WORKSPACE": ""}
    if "s3" in backend:
        refuse_earlier_key(session, environment, backend["s3"])
    else:
        adopt_earlier_state(environment)
    look_at_init(terraform, wanted["terraform"], own)

    # Destroying needs the document, not fresh functions: a broken build must not stand in its way.
    if action != "destroy" or not all((OUT / zip).exists() for zip in ZIPS):
        option = f"--{wanted['architecture'].replace('_', '-')}"
        run(sys.executable, ROOT / "ops/tools/build.py", option, "--out", OUT)
    # Synth looks at the state that terraform will use below.
    hookline("synth", environment, settings, "--out", OUT, env={**own, "TF_WORKSPACE": name})

    run(terraform, f"-chdir={OUT}", "init", "-input=false", env=own)
    if "s3" not in backend:
        run(terraform, f"-chdir={OUT}", "workspace", "select", "-or-create", name, env=own)
        complain(f"hookline: the state of {environment} in {region} is out/terraform.tfstate.d/{name}/ - keep it")
    run(terraform, f"-chdir={OUT}", "apply" if action == "deploy" else action, *passed_on, env=own)


if __name__ == "__main__":
    sys.exit(run_command(main))
