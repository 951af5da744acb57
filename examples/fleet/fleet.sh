#!/bin/sh
# Does one thing with many clusters, several at a time:
#
#   ./fleet.sh clusters 8 plan --detailed-exitcode
#   ./fleet.sh clusters 8 apply --yes
#
# clusters/NAME/inventory.yaml is a cluster. What is said of it goes to reports/NAME.out and .err, its exit code to .code.
# One that fails stops no other; the script fails if any has.
set -u

clusters=${1:?the folder of the clusters}
jobs=${2:?how many at a time}
shift 2
reports=${REPORTS:-reports}
mkdir -p "$reports"
rm -f "$reports"/*.code

# xargs ends early where a job fails with 255, and says which none: the code of each goes to a file.
job='
  name=$1; clusters=$2; reports=$3; shift 3
  NO_COLOR=1 ${SLIPWAY:-slipway} "$@" -i "$clusters/$name/inventory.yaml" --progress lines \
    >"$reports/$name.out" 2>"$reports/$name.err" </dev/null
  echo $? >"$reports/$name.code"
'
for inventory in "$clusters"/*/inventory.yaml; do
  basename "$(dirname "$inventory")"
done | xargs -P "$jobs" -I NAME sh -c "$job" job NAME "$clusters" "$reports" "$@"

meaning() {
  case $1 in
    0) echo 'done, or nothing to do' ;;
    1) echo 'failed' ;;
    2) echo 'changes pending' ;;
    3) echo 'wrong inventory' ;;
    4) echo 'stale plan' ;;
    5) echo 'locked by another run' ;;
    6) echo 'unreachable host' ;;
    7) echo 'forbidden by the policy' ;;
    *) echo 'interrupted, or not slipway' ;;
  esac
}

failed=0
for code in $(cat "$reports"/*.code | sort -n | uniq); do
  names=$(grep -lx "$code" "$reports"/*.code | sed 's|.*/||; s|\.code$||')
  echo "$(echo "$names" | wc -l) with exit code $code: $(meaning "$code")"
  case $code in 0 | 2) continue ;; esac
  failed=1
  for name in $names; do
    echo "  $name: $(grep -m 1 -E '^Error: |unreachable: ' "$reports/$name.err" || tail -n 1 "$reports/$name.err")"
  done
done
exit "$failed"
