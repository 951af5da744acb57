#!/bin/sh
# Ends the machines, and forgets what was known of them.
set -eu
cd "$(dirname "$0")"

vagrant destroy --force
rm -f inventory.yaml machines.txt known_hosts cluster.kubeconfig
