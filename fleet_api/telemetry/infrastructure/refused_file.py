from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import orjson

from fleet_api.telemetry.domain.ingest_dto import LineFault, RefusedLines


class RefusedFile(RefusedLines):
    """One JSON object for each refused line, in a file that is there only when there is one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def tell(self, faults: Sequence[LineFault], after: int) -> int:
        if not faults and not self.path.exists():
            return after
        with self.path.open("r+b" if self.path.exists() else "wb") as file:
            file.truncate(after)
            file.seek(after)
            file.write(b"".join(orjson.dumps(fault) + b"\n" for fault in faults))
            size = file.tell()
        if not size:
            self.path.unlink()
        return size

    def counted(self) -> Counter[str]:
        """How many there are of each code."""
        if not self.path.exists():
            return Counter()
        with self.path.open("rb") as file:
            return Counter(orjson.loads(line)["code"] for line in file)
