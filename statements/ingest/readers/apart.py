"""Reading in a process of its own, for formats whose libraries may hang, swell or crash.

That process has no network and starts no programs, ends when one document takes too long or too
much memory, and takes whatever was being read with it: the import gets a refusal and goes on.
One such process serves many files, one after the other, and is replaced when it has grown.

The two talk over a pipe: a line of JSON and the bytes of a file go in; lines of JSON come out, one
a document, and one that says whether the process goes on at the end.
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import IO, Any

from statements.ingest.documents import Document, Refusal
from statements.ingest.readers import limits
from statements.ingest.readers.reading import Reading, facts_as_json, facts_from_json

logger = logging.getLogger(__name__)

_FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "socket.bind", "urllib.Request")
_FORBIDDEN_STARTS = ("subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn", "os.system")


def read_apart(
    format_: str, name: str, raw: bytes, reading: Reading
) -> Iterator[Document | Refusal]:
    """What `read_as` gives, read by another process."""
    process = _Process.taken()
    waits = False
    try:
        for line in process.answers(format_, name, raw, reading):
            if "waits" in line:
                waits = line["waits"]
                break
            if "log" in line:
                logger.warning("%s", line["log"])
            else:
                yield _from_json(line)
        else:
            yield Refusal(name, process.how_it_ended(), len(raw))
    finally:
        if waits:
            process.given_back()
        else:
            process.kill()


class _Process:
    """A running reader. Those that wait for work are kept in `idle`, for this process alone."""

    idle: list[_Process] = []
    lock = threading.Lock()

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.since = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )

    @classmethod
    def taken(cls) -> _Process:
        """A process that waits for work, or a new one."""
        while True:
            with cls.lock:
                process = cls.idle.pop() if cls.idle else None
            if process is None:
                return cls()
            if process.owner != os.getpid():
                # After a fork the child has its parent's list, but must not use its parent's pipes.
                continue
            # One that may be about to end of idleness is not asked any more.
            waited = time.monotonic() - process.since
            if waited < limits.IDLE_SECONDS / 2 and process.process.poll() is None:
                return process
            process.kill()

    def given_back(self) -> None:
        self.since = time.monotonic()
        with self.lock:
            self.idle.append(self)

    def answers(
        self, format_: str, name: str, raw: bytes, reading: Reading
    ) -> Iterator[dict[str, Any]]:
        """What comes back; it stops short when the process has died."""
        asked = {
            "format": format_,
            "name": name,
            "size": len(raw),
            "reading": reading.as_json(),
            "seconds": limits.SECONDS_PER_DOCUMENT,
        }
        try:
            self._pipe(self.process.stdin).write(json.dumps(asked).encode() + b"\n")
            self._pipe(self.process.stdin).write(raw)
            self._pipe(self.process.stdin).flush()
        except BrokenPipeError:
            return
        for line in self._pipe(self.process.stdout):
            if not line.endswith(b"\n"):
                return
            yield json.loads(line)

    def how_it_ended(self) -> str:
        """Why there was no answer, as the reason of a refusal."""
        try:
            code = self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        if code == -signal.SIGALRM:
            return (
                f"Reading it takes longer than {limits.SECONDS_PER_DOCUMENT} seconds; "
                "save its text as .txt."
            )
        logger.warning("A reader ended with status %s", code)
        return "Reading it failed: it is damaged or harmful; open it, and save its text as .txt."

    def kill(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(BrokenPipeError):
                self._pipe(pipe).close()
        self.process.kill()
        self.process.wait()

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None  # noqa: S101
        return pipe


@atexit.register
def _end_all() -> None:
    while _Process.idle:
        process = _Process.idle.pop()
        if process.owner == os.getpid():
            process.kill()


def _as_json(found: Document | Refusal) -> dict[str, Any]:
    if isinstance(found, Refusal):
        return {"refusal": dataclasses.asdict(found)}
    values = dataclasses.asdict(found)
    return {"document": values | {"facts": facts_as_json(found.facts)}}


def _from_json(values: dict[str, Any]) -> Document | Refusal:
    if "refusal" in values:
        return Refusal(**values["refusal"])
    document = values["document"]
    facts, notes = facts_from_json(document["facts"]), tuple(document["notes"])
    return Document(**{**document, "facts": facts, "notes": notes})


# What follows runs in the process apart.


class _ToParent(logging.Handler):
    """Log lines go to the parent, which knows where they belong."""

    def __init__(self, out: IO[bytes]) -> None:
        super().__init__(logging.WARNING)
        self.out = out

    def emit(self, record: logging.LogRecord) -> None:
        _say(self.out, {"log": self.format(record)[-8_000:]})


def _say(out: IO[bytes], value: dict[str, Any]) -> None:
    # The parent may take its time with what it has: waiting for it is not counted.
    left = signal.alarm(0)
    out.write(json.dumps(value).encode() + b"\n")
    out.flush()
    signal.alarm(left)


def _forbid(event: str, _: tuple[Any, ...]) -> None:
    if event in _FORBIDDEN or event.startswith(_FORBIDDEN_STARTS):
        raise PermissionError(f"A reader must not do this: {event}")


def _limit_memory() -> None:
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY, limits.MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):
        # macOS takes no limit on address space.
        pass


def _has_grown() -> bool:
    import psutil

    # Not the peak that the system keeps: it counts from before the program was started, when the
    # process was a copy of its parent with its models.
    grown: bool = psutil.Process().memory_info().rss > limits.GROWN
    return grown


def serve(asked: IO[bytes], out: IO[bytes]) -> None:
    """Read what is asked for until nothing more is, or the process has grown."""
    from statements.ingest.readers.registry import read_as

    while True:
        # Without a handler the signal ends the process, in the midst of a library's C code too.
        signal.alarm(limits.IDLE_SECONDS)
        line = asked.readline()
        if not line:
            return
        request = json.loads(line)
        signal.alarm(request["seconds"])
        raw = asked.read(request["size"])
        reading = Reading.from_json(request["reading"])
        found = read_as(request["format"], request["name"], raw, reading)
        for each in found:
            _say(out, _as_json(each))
            signal.alarm(request["seconds"])
        signal.alarm(0)
        del raw, found
        waits = not _has_grown()
        _say(out, {"waits": waits})
        if not waits:
            return


def main() -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # Ctrl-C is for the parent to act on.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    sys.addaudithook(_forbid)
    out = os.fdopen(os.dup(1), "wb")
    # What a library prints must not come between the answers.
    os.dup2(2, 1)
    own = logging.getLogger("statements")
    own.addHandler(_ToParent(out))
    own.propagate = False
    logging.getLogger().addHandler(logging.NullHandler())
    logging.captureWarnings(True)
    serve(sys.stdin.buffer, out)


if __name__ == "__main__":
    main()
