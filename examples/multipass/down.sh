#!/bin/sh
# Ends the machines, and forgets what was known of them.
set -eu
cd "$(dirname "$0")"

multipass delete --purge cp1 w1 w2
rm -f inventory.yaml machines.json machine.yaml known_hosts cluster.kubeconfig
