"""What the container runtime would say of a control plane's containers, and how one of them is asked to end."""
import json
import os
import time

FILE = '/run/slipway-stand-in/containers.json'
STOPPING = '/run/slipway-stand-in/stopping'


def listed():
    """Every container, the newest of each name last: {id, name, createdAt, state}."""
    try:
        with open(FILE) as file:
            return json.load(file)
    except (OSError, ValueError):
        return []


def _write(containers):
    os.makedirs(os.path.dirname(FILE), exist_ok=True)
    with open(FILE + '.new', 'w') as file:
        json.dump(containers, file)
    os.rename(FILE + '.new', FILE)


def started(name):
    """A container of this name runs: a new one, unless one runs already. One that has ended before is kept, as the kubelet keeps it."""
    others, own = _apart(name)
    if not own or own[-1]['state'] != 'CONTAINER_RUNNING':
        own = own[-1:] + [{'id': os.urandom(32).hex(), 'name': name, 'createdAt': str(time.time_ns()), 'state': 'CONTAINER_RUNNING',
                           'attempt': own[-1]['attempt'] + 1 if own else 0}]
    _write(others + own)


def ended(name):
    others, own = _apart(name)
    _write(others + [{**one, 'state': 'CONTAINER_EXITED'} for one in own])


def removed(name):
    _write(_apart(name)[0])


def _apart(name):
    found = listed()
    return [one for one in found if one['name'] != name], [one for one in found if one['name'] == name]


def stop(identifier, patience):
    """Ask for the end of a container and wait for it, as `crictl stop` does; False when there is no such container."""
    if not any(one['id'].startswith(identifier) for one in listed()):
        return False
    os.makedirs(STOPPING, exist_ok=True)
    with open(f'{STOPPING}/{identifier}', 'w'):
        pass
    end = time.monotonic() + patience + 5
    while time.monotonic() < end:
        if not any(one['id'].startswith(identifier) and one['state'] == 'CONTAINER_RUNNING' for one in listed()):
            break
        time.sleep(0.05)
    return True


def to_be_stopped():
    """Names of the containers whose end was asked for; each is told of once."""
    try:
        wanted = os.listdir(STOPPING)
    except OSError:
        return []
    for identifier in wanted:
        os.unlink(f'{STOPPING}/{identifier}')
    return [one['name'] for one in listed() if one['state'] == 'CONTAINER_RUNNING' and any(one['id'].startswith(word) for word in wanted)]
