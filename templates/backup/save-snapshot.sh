#!/bin/sh
# Written by slipway: saves a snapshot of etcd, and prints its path, size, sha256 and what is in it.
set -eu
umask 077
directory={{ directory }}
keep={{ keep }}

{{ tools }}

mkdir -p "$directory"
chmod 700 "$directory"
cd "$directory"
exec 9>.lock
flock -n 9 || { echo "another snapshot is being saved in $directory" >&2; exit 1; }
rm -f {{ prefix }}-*.part {{ prefix }}-*.part.part

data=$(sed -n 's/^ *- --data-dir=//p' /etc/kubernetes/manifests/etcd.yaml)
needed=$(($(du -k "$data/member/snap/db" | cut -f1) * 11 / 10))
free=$(df -Pk . | awk 'NR == 2 { print $4 }')
[ "$free" -gt "$needed" ] || { echo "$free KiB are free in $directory, $needed KiB are needed" >&2; exit 1; }

name={{ prefix }}-$(hostname)-$(date -u +%Y%m%dT%H%M%SZ).db
etcd_ctl snapshot save "$name.part" >&2
status=$(etcd_verify "$name.part")
sync "$name.part"
mv "$name.part" "$name"

# Names sort by time, and only those of this script are looked at.
ls -1 | grep -x "{{ prefix }}-.*-[0-9]\{8\}T[0-9]\{6\}Z\.db" | sort -r | tail -n "+$((keep + 1))" | while IFS= read -r old; do
  rm -f -- "$old"
done
printf '%s\n' "$directory/$name" "$(stat -c %s "$name")" "$(sha256sum "$name" | cut -c1-64)" "$status"
