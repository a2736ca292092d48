#!/usr/bin/env python3
"""Writes every_name.rs: every argument and block name of the aws, azurerm and google providers.

The names alone are kept, no types and no texts. The Terraform registry is not needed: the source are the npm packages of
prebuilt bindings, which are generated from the providers' own schemas. `index.js` of a type has one table per block, with
a row per argument or nested block, and a comment per attribute: `// arn - computed: true, ...`.

    python3 refresh.py                  download (108 MB), extract, write
    python3 refresh.py --check          the same, but only compare with the committed file (exit 1 when it differs)
    python3 refresh.py --packages DIR   use packages that are already there, named as npm names them
"""

import argparse
import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import textwrap
from pathlib import Path

HERE = Path(__file__).parent
RUST = HERE / "every_name.rs"

# Provider and its version, npm package and its version, SHA-512 of the package.
SOURCES = [
    ("hashicorp/aws", "6.66.0", "@cdktn/provider-aws", "25.7.0",
     "E/nhu0yVZE4mXMgIPuI8tEFt1BExLkA7ARjihdG+/HmfDfzLr+OEF3dkFRvI6glRt30lrrBWQLwXqCJBxcmyUg=="),
    ("hashicorp/azurerm", "4.73.0", "@cdktn/provider-azurerm", "16.1.0",
     "ArrHLoh/ebmY2yymKIxh2wL4HWqgvrK4EOVDfbOnNW8/qKA6/+EjIMBTacfA9C2tUq5zgBoNzImIZyqOiT/JYg=="),
    ("hashicorp/google", "6.50.0", "@cdktf/provider-google", "16.12.1",
     "KqNA/5RiFT07r0PSZ6/07cJ2zESUgbj1JchVj21iBFBZVUbD+578xA/k8eq/r0cbyEgLmg9eYWeVslaYah4DCQ=="),
]

ROW = re.compile(r"^ +(\w+): \{\n +value: ", re.M)
FLAGS = re.compile(r"^ +// (\w+) - computed: ", re.M)


def extract(package: Path) -> set:
    names = set()
    with tarfile.open(package) as archive:
        for member in archive:
            if re.fullmatch(r"package/lib/[^/]+/index\.js", member.name):
                text = archive.extractfile(member).read().decode().split("//# sourceMappingURL")[0]
                names.update(ROW.findall(text), FLAGS.findall(text))
    return names


def header() -> list:
    return [
        "Every argument and block name of these Terraform providers, sorted. Written by refresh.py; not edited by hand.",
        *(f"{provider} {version}, from the npm package {package} {package_version}"
          for provider, version, package, package_version, _ in SOURCES),
        "The providers and the packages are copyright IBM Corp. (HashiCorp) and contributors, licence MPL-2.0; this list is",
        "derived from them and stays under MPL-2.0 (https://mozilla.org/MPL/2.0/).",
    ]


# What the test takes apart: keywords of Rust, and words that every handle has a method for.
KEYWORDS = """as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match mod move mut
    pub ref return self Self static struct super trait true type unsafe use where while abstract become box do final macro override
    priv try typeof unsized virtual yield""".split()
TAKEN = "named address expr attr self Self super crate".split()
CHUNK = 1000


def macro_call(names: list) -> str:
    """The list as the macro call that the test expands."""
    plain = [name for name in names if name not in KEYWORDS + TAKEN]
    groups = [("keywords", [name for name in names if name in KEYWORDS and name not in TAKEN])]
    groups += [("taken", [name for name in names if name in TAKEN])]
    groups += [("names", plain[start:start + CHUNK]) for start in range(0, len(plain), CHUNK)]
    lines = [(label, textwrap.wrap(" ".join(group), 150, break_on_hyphens=False)) for label, group in groups]
    calls = "".join(f"    {label} {{\n" + "".join(f"{line}\n" for line in wrapped) + "    }\n" for label, wrapped in lines)
    return "".join(f"// {line}\n" for line in header()) + "every_name! {\n" + calls + "}\n"


def package_of(source: tuple, folder: Path, offline: bool) -> Path:
    _, _, package, version, digest = source
    path = folder / f"{package.removeprefix('@').replace('/', '-')}-{version}.tgz"
    if not offline:
        print(f"downloading {package} {version}", file=sys.stderr)
        pack = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{package}@{version}"]
        try:
            subprocess.run(pack, check=True, stdout=subprocess.DEVNULL)
        except FileNotFoundError:
            sys.exit("error: npm is not on the PATH; install Node.js, or give the packages with --packages")
        except subprocess.CalledProcessError as error:
            sys.exit(f"error: npm pack ended with {error.returncode}; is the npm registry within reach?")
    found = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    if found != digest:
        sys.exit(f"error: {path.name} is not the pinned {package} {version}: its SHA-512 is {found}")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, help="a folder with downloaded packages instead of npm")
    parser.add_argument("--check", action="store_true", help="compare with the committed file instead of writing it")
    options = parser.parse_args()
    names = set()
    with tempfile.TemporaryDirectory() as scratch:
        for source in SOURCES:
            names |= extract(package_of(source, options.packages or Path(scratch), bool(options.packages)))
    text = macro_call(sorted(names))
    if not options.check:
        RUST.write_text(text)
    elif RUST.read_text() != text:
        sys.exit(f"error: {RUST.name} is not what the packages give; run refresh.py and review the difference")
    print(f"{len(names)} names: {'up to date' if options.check else 'written'}")


if __name__ == "__main__":
    main()
