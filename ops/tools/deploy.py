"""Deploys one environment to AWS, or plans or destroys it, with Terraform (or OpenTofu).

    deploy.py plan|deploy|destroy env=NAME [region=REGION] [backend=local|s3://BUCKET] [-TERRAFORM-OPTION ...]

The same document in out/ serves every environment; what differs is its suffix and its state:
- local state lies in a Terraform workspace of the environment's name: out/terraform.tfstate.d/NAME/terraform.tfstate;
- with the S3 backend the key holds the suffix already, so no workspace is used;
- Terraform's own folder is out/.terraform-NAME, so that environments never see each other's backend or selection, and a
  plain `terraform -chdir=out ...` next to this command works in the default workspace as before.

Terraform asks before it changes anything; `-auto-approve` answers beforehand.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "out"
ZIPS = ("ingestion.zip", "processing.zip")
SUFFIX = re.compile(r"[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?")
# Our names -> the options of `hookline synth`.
SETTINGS = {"region": "--region", "backend": "--backend", "config": "--config", "architecture": "--architecture"}
USAGE = "./just {action} env=staging [region=eu-west-1] [backend=s3://my-state-bucket] [-auto-approve]"


class Failure(Exception):
    """What went wrong and what to do about it."""


def parse(action: str, words: list[str]) -> tuple[str, dict[str, str], list[str]]:
    """Splits `env=NAME`, other settings and Terraform's own options."""
    environment, settings, passed_on = None, {}, []
    for word in words:
        name, equals, value = word.partition("=")
        if word.startswith("-"):
            passed_on.append(word)
        elif equals and name == "env":
            environment = value
        elif equals and name in SETTINGS:
            settings[name] = value
        else:
            raise Failure(f"`{word}` is not understood: write {USAGE.format(action=action)}")
    if environment is None:
        raise Failure(f"which environment? Write {USAGE.format(action=action)}")
    if not SUFFIX.fullmatch(environment):
        raise Failure(f'env={environment}: an environment has 1 to 20 lower-case letters, digits and inner hyphens')
    return environment, settings, passed_on


def find_terraform() -> str:
    for name in ("terraform", "tofu"):
        if found := shutil.which(name):
            return found
    raise Failure("neither terraform nor tofu is on PATH: install Terraform 1.10 or newer, or start this through ./just")


def run(*command: object, **options: object) -> None:
    try:
        subprocess.run([str(word) for word in command], check=True, cwd=ROOT, **options)
    except subprocess.CalledProcessError as failed:
        said = "what it created so far is in the state; mend the cause and run the same command again"
        hint = f": {said}" if "apply" in command or "destroy" in command else ""
        raise Failure(f"`{pathlib.Path(str(command[0])).name}` ended with {failed.returncode} (see above){hint}") from failed


def main() -> int:
    action, *words = sys.argv[1:]
    try:
        environment, settings, passed_on = parse(action, words)
        terraform = find_terraform()
        # Destroying needs the document, not fresh functions: a broken build must not stand in its way.
        if action != "destroy" or not all((OUT / name).exists() for name in ZIPS):
            chosen = settings.get("architecture")
            run(sys.executable, ROOT / "ops/tools/build.py", *([f"--{chosen.replace('_', '-')}"] if chosen else []))
        # Synth looks at the state that terraform will use below.
        looked_at = dict(os.environ, TF_DATA_DIR=f".terraform-{environment}", TF_WORKSPACE=environment)
        run("cargo", "run", "--quiet", "--package", "hookline-stack", "--bin", "hookline", "--", "synth",
            "--environment-suffix", environment, "--out", OUT,
            *(word for name, value in settings.items() for word in (SETTINGS[name], value)), env=looked_at)  # fmt: skip

        document = json.loads((OUT / "main.tf.json").read_text())
        remote_state = bool(document.get("terraform", {}).get("backend", {}).keys() - {"local"})
        own = dict(os.environ, TF_DATA_DIR=f".terraform-{environment}")
        own.pop("TF_WORKSPACE", None)
        run(terraform, f"-chdir={OUT}", "init", "-input=false", env=own)
        if not remote_state:
            run(terraform, f"-chdir={OUT}", "workspace", "select", "-or-create", environment, env=own)
            print(f"hookline: the state of {environment} is out/terraform.tfstate.d/{environment}/ - keep it", flush=True)
        verb = "apply" if action == "deploy" else action
        run(terraform, f"-chdir={OUT}", verb, *passed_on, env=own)
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
