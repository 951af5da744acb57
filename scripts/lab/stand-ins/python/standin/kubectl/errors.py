"""kubectl's failures and how it words them."""
from ..http import Unreachable


class KubectlError(Exception):
    """Ends the command: the text on stderr, status `code`."""

    def __init__(self, text, code=1):
        super().__init__(text)
        self.code = code


def worded(error, server=None):
    """A failure's text as kubectl prints it, with its own prefix."""
    if isinstance(error, Unreachable):
        if error.kind == 'refused':
            return f'The connection to the server {server} was refused - did you specify the right host or port?'
        if error.kind == 'lookup':
            return f'Unable to connect to the server: {error.detail}'
        return f'Unable to connect to the server: {error.detail}'
    if error.code == 401:
        return 'error: You must be logged in to the server (Unauthorized)'
    if error.reason == 'Invalid':
        return f'The {error.message.replace(" is invalid", " is invalid", 1)}'
    if isinstance(error.status, str):
        text = error.status.replace('\n', '\\n').rstrip('\\n') if error.code == 500 else error.status
        return f'Error from server (InternalError): an error on the server ("{text}") has prevented the request from succeeding'
    return f'Error from server ({error.reason}): {error.message}' if error.reason else f'Error from server: {error.message}'

