#!/bin/sh
# Written by slipway: cuts every GPU of this host into the same MIG devices, which a boot takes away.
# https://docs.nvidia.com/datacenter/tesla/mig-user-guide/ (getting started with MIG; r580)
set -eu
# From the largest to the smallest, as they fit best; none: whole GPUs.
wanted='{{ profiles }}'

in_order() { tr , '\n' | sort | paste -s -d , -; }
# The MIG devices of a GPU.
found() { nvidia-smi -L | awk -v gpu="$1:" '/^GPU /{ mine = ($2 == gpu) } mine && /^ +MIG /{ print $2 }' | in_order; }
mode() { nvidia-smi -i "$1" --query-gpu=mig.mode.current --format=csv,noheader; }
# What nvidia-smi refuses, it says on standard output.
told() { out=$("$@" 2>&1) || { printf '%s\n' "$out" >&2; return 1; }; }
# Where there are none, it fails as well.
destroy() {
  for what in -dci -dgi; do
    out=$(nvidia-smi mig -i "$1" "$what" 2>&1) || case $out in
      *'In use by another client'*) printf 'GPU %s is in use: %s\n' "$1" "$out" >&2; exit 1 ;;
    esac
  done
}
# A mode that only a reset brings is not there yet.
set_mode() {
  told nvidia-smi -i "$1" -mig "$2" || exit 1
  [ "$(mode "$1")" = "$3" ] || { echo "GPU $1 changes its MIG mode with the next boot: reboot this host" >&2; exit 1; }
}

for gpu in $(nvidia-smi --query-gpu=index --format=csv,noheader); do
  now=$(mode "$gpu")
  case $now in
    Enabled | Disabled) ;;
    *) [ -z "$wanted" ] && continue; echo "GPU $gpu cannot be cut: it knows no MIG" >&2; exit 1 ;;
  esac
  if [ -z "$wanted" ]; then
    [ "$now" = Enabled ] || continue
    destroy "$gpu"
    set_mode "$gpu" 0 Disabled
    continue
  fi
  [ "$now" = Enabled ] || set_mode "$gpu" 1 Enabled
  [ "$(found "$gpu")" != "$(printf '%s\n' "$wanted" | in_order)" ] || continue
  destroy "$gpu"
  told nvidia-smi mig -i "$gpu" -cgi "$wanted" -C || exit 1
done
