"""What PostgreSQL's own pid file says about a server."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

PORT = 5432  # Only a part of the socket's name: the server listens on no network.
SOCKET = f".s.PGSQL.{PORT}"


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The server that last wrote `postmaster.pid`; it may have died since."""

    pid: int
    data: Path
    socket_folder: Path | None
    ready: bool

    @classmethod
    def of(cls, data: Path) -> Self | None:
        """None when the server was never started or was stopped in good order."""
        try:
            lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return None
        # The file grows while the server starts: process id, data folder, start time, port,
        # socket folder, address, shared memory, status.
        pid, _data, _started, _port, folder, _address, _memory, status, *_ = lines + [""] * 8
        return cls(
            int(pid) if pid.strip().isdigit() else 0,
            data,
            Path(folder) if folder else None,
            status.strip() == "ready",
        )

    def is_alive(self) -> bool:
        """Whether the process is still this server, and not another program that got its number."""
        if self.pid == 0:
            return False
        try:
            return _works_in(psutil.Process(self.pid), self.data)
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:
            # Better to take a stranger for the server than to start a second one on its data.
            return True

    def can_be_reached(self) -> bool:
        """Whether its socket is where it said."""
        return self.socket_folder is not None and (self.socket_folder / SOCKET).exists()


def workers_in(data: Path) -> list[int]:
    """The numbers of all live PostgreSQL processes on these data, their server dead or not."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if _works_in(process, data):
                found.append(process.pid)
    return found


def _works_in(process: psutil.Process, data: Path) -> bool:
    if process.name() != "postgres" or process.status() == psutil.STATUS_ZOMBIE:
        return False
    # PostgreSQL works in its data folder, under whatever name that folder has by now.
    with suppress(FileNotFoundError):
        return Path(process.cwd()).samefile(data)
    return False
