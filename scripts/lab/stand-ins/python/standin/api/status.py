"""Failures in the form of the API's Status objects."""


class Failure(Exception):
    """An answer that is not a success."""

    def __init__(self, code, reason, message, details=None):
        super().__init__(message)
        self.code, self.reason, self.message, self.details = code, reason, message, details

    def status(self):
        value = {'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'status': 'Failure',
                 'message': self.message, 'reason': self.reason, 'code': self.code}
        return {**value, 'details': self.details} if self.details else value


def not_found(resource, name):
    return Failure(404, 'NotFound', f'{resource.dotted} "{name}" not found', {'name': name, 'kind': resource.plural})


def already_exists(resource, name):
    return Failure(409, 'AlreadyExists', f'{resource.dotted} "{name}" already exists', {'name': name, 'kind': resource.plural})
