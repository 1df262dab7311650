"""What gunicorn reads when it is started in this folder; options on its command line go first."""

import os
import shutil
import tempfile
from pathlib import Path

# Its processes count requests together in files of this folder, which must be empty at the start.
# prometheus_client looks for the name when it is first imported, which is in the workers.
_given = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
_counts = Path(_given or tempfile.mkdtemp(prefix="newsroom-metrics-"))
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_counts)

# A worker that hangs is replaced. Uploads and exports of a large site take their time.
timeout = 120
graceful_timeout = 30
# Signals are enough to steer it, and a home to keep a socket in is not everywhere.
control_socket_disable = True
# Its own heartbeat must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def on_starting(server):
    """Begin to count at nothing."""
    _counts.mkdir(parents=True, exist_ok=True)
    for old in _counts.glob("*.db"):
        old.unlink()


def child_exit(server, worker):
    """Forget what only a live process has; what it counted stays counted."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """Leave nothing behind in the folder for temporary files."""
    if not _given:
        shutil.rmtree(_counts, ignore_errors=True)
