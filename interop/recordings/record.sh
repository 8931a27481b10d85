#!/usr/bin/env bash
# Records file-stream bodies and `.wandb` files of the official client into this folder, in a mount and host namespace of
# its own, so that the machine they are made on leaves no trace in them: home /home/ann, host `workstation`.
# Needs root (for the namespaces) and the environments of interop/install-python.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
version=${1:?which version of wandb? e.g. 0.31.0}

if [ "${RECORDING_INSIDE:-}" != yes ]; then
  exec env RECORDING_INSIDE=yes unshare --mount --uts "$0" "$version"
fi
hostname workstation
venv="$root/.venv-wandb-$version"
out="$here/wandb-$version"
scratch=$(mktemp -d)
mkdir -p "$scratch/bodies"
"$root/node_modules/.bin/node" "$root/interop/sink.ts" --record "$scratch/bodies" > "$scratch/sink" &
sink=$!
trap 'kill $sink; rm -rf "$scratch"' EXIT
until [ -s "$scratch/sink" ]; do sleep 0.1; done

mount -t tmpfs tmpfs /home
mkdir -p /home/ann/training /home/ann/venv
mount --bind "$venv" /home/ann/venv
mount -o remount,bind,ro /home/ann/venv
cp "$here/record.py" /home/ann/training/record.py
cd /home/ann/training
run_client() {
  env -i HOME=/home/ann PATH=/usr/bin:/bin USER=ann LANG=C.UTF-8 WANDB_BASE_URL="$(cat "$scratch/sink")" \
    WANDB_API_KEY="local-$(printf '0123456789%.0s' 1 2 3 4)" WANDB_USERNAME=ann WANDB_ERROR_REPORTING=false \
    /home/ann/venv/bin/python record.py "$1" >/dev/null
}
run_client online
rm -rf wandb
run_client offline
rm -rf "$out"
mkdir -p "$out/file-stream" "$out/offline"
cp "$scratch"/bodies/*.json "$out/file-stream/"
# The long ones do not differ between the versions; one of each is enough.
if [ "$version" != 0.31.0 ]; then rm "$out"/file-stream/{noisy,training}-*.json; fi
for log in wandb/offline-run-*/run-*.wandb; do cp "$log" "$out/offline/"; done
