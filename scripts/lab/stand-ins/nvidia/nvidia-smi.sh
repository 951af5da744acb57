#!/bin/sh
# Lab stand-in for nvidia-smi: what lists GPUs, and what cuts those that know MIG. /etc/lab/gpus/mig/N has the mode of GPU N,
# and N.devices its MIG devices. Printed as in https://docs.nvidia.com/datacenter/tesla/mig-user-guide/ (r580)
grep -qF "$(cat /usr/share/lab/nvidia-driver)" /proc/driver/nvidia/version || {
  echo 'Failed to initialize NVML: Driver/library version mismatch'
  exit 18
}
state=/etc/lab/gpus/mig
gpu=0
[ "$1" = -i ] && { gpu=$2; shift 2; }
[ "$1 $2" = 'mig -i' ] && { gpu=$3; shift 3; set -- mig "$@"; }
# The device plugin's pod has the GPUs open.
client() { systemctl is-active --quiet kubelet && [ -e /run/lab/gpu-clients ]; }
in_use() { echo "Unable to destroy a $1 instance from GPU $gpu: In use by another client"; echo "Failed to destroy $1 instances: In use by another client"; exit 19; }
list() {
  rm -rf /etc/lab/gpus/driver/nvidia/capabilities
  mkdir -p /etc/lab/gpus/driver/nvidia/capabilities/mig
  for one in $(cd $state && ls | grep -v '\.' | sort -n); do
    echo "GPU $one: NVIDIA stand-in (UUID: GPU-$one)"
    number=0
    for profile in $(cat $state/$one.devices 2>/dev/null); do
      mkdir -p /etc/lab/gpus/driver/nvidia/capabilities/gpu$one/mig/gi$((number + 1))/ci0
      printf '  MIG %-12sDevice %2d: (UUID: MIG-%s-%s)\n' "$profile" $number $one $number
      number=$((number + 1))
    done
  done >/etc/lab/gpus/list
}
case "$*" in
  -L) cat /etc/lab/gpus/list ;;
  '--query-compute-apps=pid,process_name --format=csv,noheader') cat /etc/lab/gpus/apps 2>/dev/null || : ;;
  '--query-gpu=index --format=csv,noheader') (cd $state && ls | grep -v '\.' | sort -n) ;;
  '--query-gpu=mig.mode.current --format=csv,noheader') cat $state/$gpu ;;
  '-mig 1' | '-mig 0')
    [ "$(cat $state/$gpu)" != '[N/A]' ] || { echo "Unable to enable MIG Mode for GPU $gpu: Not Supported"; exit 3; }
    if client; then echo "Warning: MIG mode is in pending enable state for GPU $gpu:In use by another client"; exit 0; fi
    [ "$2" = 1 ] && echo Enabled >$state/$gpu || echo Disabled >$state/$gpu
    echo 'All done.'
    ;;
  'mig -dci')
    [ -s $state/$gpu.devices ] || { echo "No compute instances found: Not Found"; exit 6; }
    client && in_use compute
    sed -i 's/^/undone-/' $state/$gpu.devices
    ;;
  'mig -dgi')
    [ -s $state/$gpu.devices ] || { echo "No GPU instances found: Not Found"; exit 6; }
    client && in_use GPU
    ! grep -qv '^undone-' $state/$gpu.devices || in_use GPU
    : >$state/$gpu.devices
    list
    ;;
  'mig -cgi '*' -C')
    [ "$(cat $state/$gpu)" = Enabled ] || { echo "No MIG-enabled devices found."; exit 6; }
    [ ! -s $state/$gpu.devices ] || { echo "Unable to create a GPU instance on GPU $gpu using profile 9: Insufficient Resources"; exit 19; }
    [ "$(echo "$3" | tr , '\n' | sed 's/g.*//' | paste -s -d + - | xargs -I EXPR sh -c 'echo $((EXPR))')" -le 7 ] || { echo "Unable to create a GPU instance on GPU $gpu using profile 19: Insufficient Resources"; exit 19; }
    echo "$3" | tr , '\n' >$state/$gpu.devices
    list
    ;;
  *) echo "the stand-in does not know nvidia-smi $*" >&2; exit 2 ;;
esac
