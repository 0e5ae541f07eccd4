"""Verification keys from a file."""

from collections.abc import Sequence
from pathlib import Path

import structlog

from fleet_api.shared.infrastructure.auth.keys import UnusableKeysError, VerificationKey, matching, read_keys

_log = structlog.get_logger(__name__)


class KeyFile:
    """PEM or a JSON Web Key Set, read again whenever the file changes.

    The first reading raises `OSError` or `UnusableKeysError`, since a server with a wrong setting must not start.
    A later one that fails keeps the keys of before: half a copy must not lock everybody out.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._signature()
        self._keys = read_keys(path.read_bytes())

    async def find(self, kid: str | None) -> Sequence[VerificationKey]:
        self._reload_when_changed()
        return matching(self._keys, kid)

    def _reload_when_changed(self) -> None:
        # Looked at before reading, so that a change during the reading is seen the next time.
        signature = self._signature()
        if signature == self._seen:
            return
        self._seen = signature
        try:
            self._keys = read_keys(self._path.read_bytes())
        except (OSError, UnusableKeysError) as error:
            _log.warning("key_file_unusable", error=type(error).__name__)

    def _signature(self) -> tuple[int, int, int] | None:
        """Time, size and inode, since a file moved into place may be older than its forerunner; `None` without one."""
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino
