#!/bin/bash
# Written by slipway: whether this host may have the virtual address: whether it takes connections on port {{ port }}.
exec timeout 2 bash -c 'exec 3<>/dev/tcp/127.0.0.1/{{ port }}'
