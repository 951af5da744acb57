#!/usr/bin/python3
"""delay_line.py NAMESPACE NAMESPACE INTERFACE MICROSECONDS

Joins two network namespaces by a pair of TUN devices of one name, and hands over every IP packet so much later,
both ways: for kernels without netem. https://docs.kernel.org/networking/tuntap.html
"""
import ctypes, fcntl, os, select, signal, struct, sys, time
from collections import deque

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 0x0001, 0x1000, 0x40000000
libc = ctypes.CDLL(None, use_errno=True)
signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for that one
libc.prctl(1, 15)  # PR_SET_PDEATHSIG: it ends with whoever started it


def tun(namespace, name):
    with open(f"/run/netns/{namespace}") as handle:
        if libc.setns(handle.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns {namespace}")
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


near, far, name, delay = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]) / 1e6
ends = [tun(near, name), tun(far, name)]
queues = {ends[0]: deque(), ends[1]: deque()}
other = {ends[0]: ends[1], ends[1]: ends[0]}
print("ready", flush=True)
while True:
    now, due = time.monotonic(), None
    for end, queue in queues.items():
        while queue and queue[0][0] <= now:
            try:
                os.write(other[end], queue.popleft()[1])
            except OSError:
                pass
        if queue and (due is None or queue[0][0] < due):
            due = queue[0][0]
    # Not poll or epoll: those wait for whole milliseconds.
    for end in select.select(ends, [], [], None if due is None else max(0, due - time.monotonic()))[0]:
        try:
            for _ in range(256):
                queues[end].append((time.monotonic() + delay, os.read(end, 2048)))
        except BlockingIOError:
            pass
