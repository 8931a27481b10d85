#!/usr/bin/env bash
# Makes the Python environments that the interop tests drive: the official client in two versions, in `.venv-wandb-<version>`
# at the root. One that is there already is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."
for version in 0.31.0 0.28.2; do
  venv=".venv-wandb-$version"
  if [ -x "$venv/bin/wandb" ]; then continue; fi
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "wandb==$version" numpy
done
