"""What goes wrong with the local server."""

from django.db.utils import OperationalError


class LocalServerError(OperationalError):
    """The local server cannot serve; the message is one sentence that says why."""
