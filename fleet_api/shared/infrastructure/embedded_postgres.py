"""A PostgreSQL of our own: nothing to install, no port, no service to start first."""

import contextlib
import fcntl
import glob
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO
from urllib.parse import quote

from fleet_api.shared.infrastructure.postgres_binaries import EmbeddedPostgresError, PostgresBinaries, private_directory

_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",  # only a part of the socket's name
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # A violated constraint would quote the row: names and phones have no place in a log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "shared_buffers": "128MB",
    "max_connections": "100",
}
_FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}
_LONGEST_SOCKET_PATH_BYTES = 107
_FAST_SHUTDOWN_S = 30
_RESTART_S = 60


class EmbeddedPostgres:
    """One server on one data directory, which lives no longer than the process that started it.

    Whoever holds the lock beside the data owns the server and stops it. Any other instance, here or in another
    process, attaches to it and leaves it alone. The lock ends with its holder, so it never goes stale.

    `data_dir` says where the data is once it has started: as root that is a private directory of ours when the one
    asked for is under a closed home, which the server's account cannot enter. The log is beside it: `<data_dir>.log`.
    """

    def __init__(
        self, data_dir: Path, *, durable: bool = True, settings: Mapping[str, str] = {}, binaries: Path | None = None
    ) -> None:
        """`durable=False` is for tests: fast, and a power cut may ruin the data. `binaries` is a bin directory."""
        self.data_dir = data_dir.resolve()
        self._durable = durable
        self._settings = _SETTINGS | ({} if durable else _FAST_SETTINGS) | dict(settings)
        self._given_binaries = binaries
        self._lock: TextIO | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._stopping = False

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self, timeout: float = 60) -> Self:
        """Serve the data directory, which is made when there is none, or attach to the process that serves it.

        Returns when the server takes connections. Raises EmbeddedPostgresError when it cannot, or not within `timeout`
        seconds.
        """
        # The server ends with the thread that started it, and only the main thread lasts as long as the process.
        if threading.current_thread() is not threading.main_thread():
            raise EmbeddedPostgresError("The embedded PostgreSQL is started from the main thread only.")
        if self._lock is not None:
            return self
        deadline = time.monotonic() + timeout
        self._choose_places()
        while (lock := self._take_lock()) is None:
            if self._lock_path.read_text():  # its holder has said that it serves
                return self
            self._pause(deadline)
        self._lock = lock
        self._stopping = False
        try:
            self._create_cluster(deadline)
            pid = self._serve(deadline)
            print(pid, file=lock, flush=True)  # to those who wait to attach
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop the server if it is ours: its clients are cut off, and nothing that was committed is lost."""
        if self._lock is None:
            return
        self._stopping = True
        self._lock.truncate(0)  # nobody attaches from here on
        if self._server is not None:
            _shut_down(self._server)
            self._server = None
        self._lock.close()
        self._lock = None

    def supervise(self) -> None:
        """Should our server die of itself, start it anew, for as long as this process lasts."""
        if self._lock is not None:
            threading.Thread(target=self._keep_serving, name="postgres", daemon=True).start()

    def _keep_serving(self) -> None:
        # What this thread starts ends with it, so it never ends before the process does, but for a stop.
        while self._server is not None:
            self._server.wait()
            if self._stopping:
                return
            with contextlib.suppress(EmbeddedPostgresError):
                self._serve(time.monotonic() + _RESTART_S)

    def url(self, database: str = "postgres") -> str:
        """For SQLAlchemy on asyncpg. It names the port because PGPORT would."""
        return f"postgresql+asyncpg://fleet@/{quote(database)}?host={quote(str(self._socket_path.parent))}&port=5432"

    def _choose_places(self) -> None:
        self._binaries = PostgresBinaries(self._given_binaries)
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        if not self._binaries.reach(self.data_dir.parent):
            self.data_dir = private_directory(self.data_dir) / "data"
        self._lock_path = self.data_dir.with_name(f"{self.data_dir.name}.lock")
        self._log_path = self.data_dir.with_name(f"{self.data_dir.name}.log")
        self._pid_path = self.data_dir / "postmaster.pid"
        self._socket_path = self.data_dir / ".s.PGSQL.5432"
        name = os.fsencode(self._socket_path)
        if len(name) > _LONGEST_SOCKET_PATH_BYTES or b"," in name:  # a comma would part two directories
            self._socket_path = private_directory(self.data_dir) / "socket" / ".s.PGSQL.5432"

    def _take_lock(self) -> TextIO | None:
        lock = self._lock_path.open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        lock.truncate(0)  # what a holder that was killed has left in it
        return lock

    def _create_cluster(self, deadline: float) -> None:
        if (self.data_dir / "PG_VERSION").exists():
            return
        # The builtin locale sorts and folds alike on every system, but came with 17.
        builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        locale = builtin if self._binaries.major_version() >= 17 else ("--locale=C.UTF-8",)
        haste = () if self._durable else ("--no-sync",)
        options = ("--username=fleet", "--auth=trust", "--encoding=UTF8", "--no-instructions", *locale, *haste)
        # Built aside and moved whole: after a kill, half a cluster would look like a whole one.
        parent, prefix = self.data_dir.parent, f"{self.data_dir.name}.new-"
        for half in parent.glob(f"{glob.escape(prefix)}*"):
            shutil.rmtree(half, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=prefix, dir=parent, ignore_cleanup_errors=True) as nursery:
            self._binaries.adopt(Path(nursery))
            cluster = Path(nursery, "cluster")
            initdb = self._binaries.spawn("initdb", f"--pgdata={cluster}", *options, log=self._log_path)
            try:
                while initdb.poll() is None:
                    self._pause(deadline)
            finally:
                initdb.kill()
                initdb.wait()
            if initdb.returncode != 0:
                raise self._failure("initdb failed")
            cluster.rename(self.data_dir)

    def _serve(self, deadline: float) -> int:
        """Start the server and wait until it takes connections; answers its process id."""
        socket_dir = self._socket_path.parent
        if not socket_dir.exists():
            socket_dir.mkdir(mode=0o700)
            self._binaries.adopt(socket_dir)
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        while True:
            contested = self._pid_path.exists()
            if contested and not self._pid_path.stat().st_size:
                self._pid_path.unlink()  # a power cut left it empty; the lock says that nobody is writing it
            elif contested:
                self._dismiss_orphan()
            server = self._binaries.spawn(
                "postgres", "-D", str(self.data_dir), "-k", str(socket_dir), *settings, log=self._log_path
            )
            self._server = server
            while server.poll() is None:
                if self._is_ready(server.pid):
                    return server.pid
                self._pause(deadline)
            # A pid file that is not its own: the server before it still shuts down, or was killed, and its children
            # still hold the shared memory.
            if not contested and not self._pid_path.exists():
                raise self._failure("PostgreSQL does not start")
            self._pause(deadline, 0.1)

    def _dismiss_orphan(self) -> None:
        """Stop a server whose owner was killed. Linux has told it already; other systems tell nobody."""
        with contextlib.suppress(OSError, ValueError, IndexError), socket.socket(socket.AF_UNIX) as client:
            # Only when it answers is the number in its file surely its own, and not a stranger's by now.
            client.connect(str(self._socket_path))
            os.kill(int(self._pid_path.read_text().splitlines()[0]), signal.SIGINT)

    def _is_ready(self, pid: int) -> bool:
        """Whether this server takes connections: it says so on the eighth line of its pid file."""
        try:
            lines = self._pid_path.read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _pause(self, deadline: float, seconds: float = 0.01) -> None:
        if time.monotonic() > deadline:
            raise self._failure("PostgreSQL was not ready in time")
        time.sleep(seconds)

    def _failure(self, what: str) -> EmbeddedPostgresError:
        log = self._log_path.read_text(errors="replace") if self._log_path.exists() else ""
        return EmbeddedPostgresError("\n".join([f"{what} ({self._log_path}):", *log.splitlines()[-10:]]))


def _shut_down(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(_FAST_SHUTDOWN_S)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)  # at once; the next start recovers what was committed
        server.wait()
