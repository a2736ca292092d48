#!/bin/sh
# Rewrites requirements*.txt from requirements*.in: every version with the hashes of its wheels, for all platforms. So
# for the packages that say which webhooks are genuine, those for Node included.
set -eu
cd "$(dirname "$0")"
vectors=../../lambdas/webhook/tests/vectors/generate
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch"
"$scratch/bin/pip" install --quiet --disable-pip-version-check uv==0.13.9
for pins in requirements requirements-terraform "$vectors/requirements"; do
    # The annotations name no index: where packages come from is a setting of the machine, not of the project.
    "$scratch/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
        --no-header --no-emit-index-url --no-emit-find-links "$@" "$pins.in" -o "$pins.txt"
done
if command -v npm >/dev/null 2>&1; then
    (cd "$vectors" && npm install --silent --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund)
else
    echo "hookline: no npm on PATH, so $vectors/package-lock.json stays as it is" >&2
fi
