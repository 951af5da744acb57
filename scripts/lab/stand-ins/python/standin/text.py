"""The forms in which Go programs print: streams, klog lines, durations, ages and times."""
import _signal
import os
import time


def out(line='', end='\n'):
    """One line on stdout, at once: a reader of a pipe sees each line when it is printed."""
    _write(1, line + end)


def err(line='', end='\n'):
    """One line on stderr, at once."""
    _write(2, line + end)


def _write(stream, text):
    data = text.encode('utf-8', 'surrogateescape')
    try:
        while data:
            data = data[os.write(stream, data):]
    except BrokenPipeError:
        # As a Go program: it dies of SIGPIPE at its next print when nobody reads any more.
        _signal.signal(13, 0)
        os.kill(os.getpid(), 13)


def klog(severity, source, message):
    """A klog line on stderr, such as `W1121 01:46:58.198340    9502 utils.go:69] ...`."""
    now = time.time()
    stamp = time.strftime('%m%d %H:%M:%S', time.localtime(now))
    err(f'{severity}{stamp}.{int(now % 1 * 1e6):06d} {os.getpid():7d} {source}] {message}')


def rfc3339(seconds=None):
    """A Kubernetes timestamp, to the second and in UTC."""
    return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() if seconds is None else seconds))


def parse_rfc3339(text):
    """Seconds since the epoch of a Kubernetes timestamp."""
    import calendar
    return calendar.timegm(time.strptime(text[:19], '%Y-%m-%dT%H:%M:%S'))


def parse_duration(text):
    """Seconds of a Go duration such as `1h30m`, `500ms` or `0`; None when it is not one."""
    import re
    if text in ('0', ''):
        return 0.0 if text else None
    units = {'h': 3600, 'm': 60, 's': 1, 'ms': 1e-3, 'us': 1e-6, 'µs': 1e-6, 'ns': 1e-9}
    parts = re.findall(r'(\d+(?:\.\d*)?|\.\d+)(ms|us|µs|ns|h|m|s)', text.lstrip('-'))
    if ''.join(number + unit for number, unit in parts) != text.lstrip('-'):
        return None
    return (-1 if text.startswith('-') else 1) * sum(float(n) * units[u] for n, u in parts)


def go_duration(seconds):
    """A duration as Go prints it: `4m0s`, `1.501526541s`, `792.506µs`."""
    if seconds < 1e-3:
        return f'{_trim(seconds * 1e6, 3)}µs'
    if seconds < 1:
        return f'{_trim(seconds * 1e3, 6)}ms'
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    tail = f'{_trim(rest, 9)}s'
    if hours:
        return f'{int(hours)}h{int(minutes)}m{tail}'
    return f'{int(minutes)}m{tail}' if minutes else tail


def _trim(number, digits):
    text = f'{number:.{digits}f}'
    return text.rstrip('0').rstrip('.') if '.' in text else text


def short_duration(seconds):
    """One unit only, as in `kubeadm token list`: `23h`, `4m`, `2s`."""
    for unit, name in ((365 * 86400, 'y'), (86400, 'd'), (3600, 'h'), (60, 'm')):
        if seconds >= unit:
            return f'{int(seconds // unit)}{name}'
    return f'{max(int(seconds), 0)}s'


def age(seconds):
    """kubectl's AGE column: `12s`, `2m18s`, `10m`, `3h5m`, `2d4h`, `9d`."""
    seconds = int(max(seconds, 0))
    if seconds < 120:
        return f'{seconds}s'
    minutes = seconds // 60
    if minutes < 10:
        return f'{minutes}m{seconds % 60}s' if seconds % 60 else f'{minutes}m'
    if minutes < 180:
        return f'{minutes}m'
    hours = minutes // 60
    if hours < 8:
        return f'{hours}h{minutes % 60}m' if minutes % 60 else f'{hours}h'
    if hours < 48:
        return f'{hours}h'
    days = hours // 24
    if days < 8:
        return f'{days}d{hours % 24}h' if hours % 24 else f'{days}d'
    return f'{days}d' if days < 730 else f'{days // 365}y'


def random_name(length, alphabet='bcdfghjklmnpqrstvwxz2456789'):
    """A suffix such as those of generated object names."""
    return ''.join(alphabet[byte % len(alphabet)] for byte in os.urandom(length))


def new_uid():
    """A version 4 UUID."""
    hexes = os.urandom(16).hex()
    return f'{hexes[:8]}-{hexes[8:12]}-4{hexes[13:16]}-a{hexes[17:20]}-{hexes[20:]}'
