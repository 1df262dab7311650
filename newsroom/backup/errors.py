"""What goes wrong with backups."""


class BackupError(Exception):
    """A backup could not be made, read or brought back; the message is a sentence that says why."""
