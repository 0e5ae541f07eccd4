"""What is the case in this process at the moment."""

import resource
import time
from pathlib import Path

from fleet_api.graphql.live.live import Live
from fleet_api.graphql.seen.families import (
    CLOSED,
    CONNECTIONS,
    CPU,
    FOLLOWED,
    MEMORY,
    POOL_IN_USE,
    POOL_SIZE,
    POOL_WAITING,
    REFUSED,
    TAIL_AGE,
    TOLD,
)
from fleet_api.graphql.seen.numbers import Numbers
from fleet_api.graphql.transport.event_stream import EventStream
from fleet_api.graphql.transport.heartbeat import Heartbeat
from fleet_api.graphql.transport.tallies import closed, told, turned_away
from fleet_api.graphql.transport.websocket import WebSocket
from fleet_api.shared.infrastructure.database import Database

_STATM = Path("/proc/self/statm")


class Gauges:
    def __init__(self, database: Database, live: Live, heartbeat: Heartbeat) -> None:
        self._database, self._live, self._heartbeat = database, live, heartbeat

    def sample(self, numbers: Numbers, worker: str) -> None:
        for pool, (size, in_use, waiting) in self._database.use.items():
            numbers.sample(POOL_SIZE, size, worker, pool)
            numbers.sample(POOL_IN_USE, in_use, worker, pool)
            numbers.sample(POOL_WAITING, waiting, worker, pool)
        numbers.sample(TAIL_AGE, time.monotonic() - self._live.tail.told_at, worker)
        numbers.sample(FOLLOWED, self._live.followers, worker)
        open = self._heartbeat.open
        for kind, transport in ((WebSocket, "ws"), (EventStream, "sse")):
            numbers.sample(CONNECTIONS, open[kind], worker, transport)
        for family, tally in ((TOLD, told), (CLOSED, closed), (REFUSED, turned_away)):
            while tally:
                label, count = tally.popitem()
                numbers.count(family, label, by=count)
        numbers.sample(CPU, time.process_time(), worker)
        if _STATM.exists():  # Linux
            pages = int(_STATM.read_text().split()[1])
            numbers.sample(MEMORY, pages * resource.getpagesize(), worker)
