"""The system account that the local server runs as, and what that account can reach."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from newsroom.localdb.errors import LocalServerError

# PostgreSQL refuses to run as root; these accounts exist for such services.
_STAND_INS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A system account; `lent` when root starts programs on its behalf."""

    name: str
    uid: int
    gid: int
    lent: bool

    @classmethod
    def for_data(cls, data: Path) -> Self:
        """Whoever runs this program; for root, the data's owner or else a service account."""
        uid = os.geteuid()
        owner = data.stat().st_uid if data.exists() else None
        if uid:
            if owner not in {None, uid}:
                raise LocalServerError(
                    f"{data} belongs to {_name(owner)}: run this as that user, "
                    "or set NEWSROOM_VAR to a folder of your own."
                )
            return cls(_name(uid), uid, os.getegid(), lent=False)
        if owner:
            entry = _entry(owner)
            return cls(_name(owner), owner, entry.pw_gid if entry else owner, lent=True)
        for name in _STAND_INS:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(name, entry.pw_uid, entry.pw_gid, lent=True)
        raise LocalServerError(
            "PostgreSQL does not run as root, and there is no account "
            f"{' or '.join(_STAND_INS)} to run it as: run this as an ordinary user."
        )

    def run(self, command: list[str | Path], **options: object) -> subprocess.CompletedProcess[str]:
        """The finished command, run as this account; an exit code is for the caller to read."""
        if self.lent:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
            # What a terminal sends to its foreground programs, Ctrl-C for one, stays away from it.
            start_new_session=True,
            **{"env": _environment()} | options,
        )

    def reaches(self, folder: Path) -> bool:
        """Whether the account may enter the folder, as the system itself decides it."""
        if not self.lent:
            return True
        enter: list[str | Path] = ["/bin/sh", "-c", 'cd "$1"', "sh", folder]
        return self.run(enter, capture_output=True).returncode == 0

    def own(self, path: Path) -> None:
        """Hand over a path that was just made."""
        if self.lent:
            os.chown(path, self.uid, self.gid)


def _environment() -> dict[str, str]:
    """This program's environment without what would redirect PostgreSQL's own programs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}


def _entry(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _name(uid: int | None) -> str:
    entry = None if uid is None else _entry(uid)
    return entry.pw_name if entry else f"user {uid}"
