#!/usr/bin/env python
"""Run the project's commands: `python manage.py help` lists them."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    from statements.recording import command_context, done_by

    who = command_context(sys.argv)
    if who is None:
        execute_from_command_line(sys.argv)
        return
    with done_by(**who):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    main()
