#!/bin/sh
# Makes the machines of the Vagrantfile, and a cluster of them. Once more: only what is missing.
set -eu
cd "$(dirname "$0")"

vagrant up
if [ ! -e inventory.yaml ]; then
  for machine in cp1 w1 w2; do
    vagrant ssh-config "$machine"
    vagrant ssh "$machine" -c 'hostname -I'
  done >machines.txt
  slipway import vagrant machines.txt --out inventory.yaml
fi
slipway doctor
slipway apply --yes
slipway verify
slipway kubeconfig --out cluster.kubeconfig
