"""Which version this stand-in plays, and how fast its clock runs."""
import json
import os
import time

_HERE = os.path.dirname(os.path.abspath(__file__))


def _version():
    """The package's version; run from the source tree, what the environment says."""
    try:
        with open(os.path.join(os.path.dirname(_HERE), 'VERSION')) as file:
            return file.read().strip()
    except OSError:
        return os.environ.get('SLIPWAY_STAND_IN_VERSION', '1.34.9')


def _options():
    """The options file of the host, an empty one when there is none."""
    path = os.environ.get('SLIPWAY_STAND_IN_OPTIONS', '/etc/slipway-stand-in.json')
    try:
        with open(path) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


VERSION = _version()
MINOR = int(VERSION.split('.')[1])
OPTIONS = _options()
TIME_SCALE = float(OPTIONS.get('timeScale', 1))
STAND_IN = 'This is a stand-in made for tests: it runs no containers and is not Kubernetes.'


def scaled(seconds, at_least=0.0):
    """A duration of the real program, in this host's time."""
    return max(seconds * TIME_SCALE, at_least)


def pause(seconds):
    """Take as long as the real program was seen to take."""
    if TIME_SCALE > 0:
        time.sleep(seconds * TIME_SCALE)
