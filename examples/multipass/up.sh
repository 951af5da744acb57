#!/bin/sh
# Makes three Ubuntu machines with Multipass, and a cluster of them. Once more: only what is missing.
set -eu
cd "$(dirname "$0")"

key=${1:-$HOME/.ssh/id_ed25519}
sed "s|PUBLIC_KEY|$(cat "$key.pub")|" cloud-init.yaml >machine.yaml
for machine in cp1 w1 w2; do
  multipass info "$machine" >/dev/null 2>&1 ||
    multipass launch 24.04 --name "$machine" --cpus 2 --memory 2G --disk 15G --cloud-init machine.yaml
done
if [ ! -e inventory.yaml ]; then
  multipass list --format json >machines.json
  slipway init --from multipass --source machines.json --identity-file "$key"
fi
slipway doctor
slipway apply --yes
slipway verify
slipway kubeconfig --out cluster.kubeconfig
