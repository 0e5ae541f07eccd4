"""The server that is attacked, and what can be seen of it from outside."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil

from benchmarks.cores import Cores
from benchmarks.processes import await_ready, fleet_api, free_port, listens, our_environment, started
from fleet_api.graphql.app import make_services
from fleet_api.settings import Settings
from fleet_api.shared.domain.permission import Role
from fleet_api.tokens import mint

# All strangers come from one address here, and what one address may do is not what is looked at.
_ONE_ADDRESS_FOR_ALL = {
    "FLEET_SOCKETS_AT_ONCE": "100000",
    "FLEET_OPERATIONS_AT_ONCE": "100000",
    "FLEET_BUDGET": "1000000000",
    "FLEET_BUDGET_REFILL": "1000000000",
}


@dataclass(frozen=True)
class Target:
    port: int
    process: psutil.Process
    token: str

    @property
    def connections(self) -> int:
        """Of clients."""
        return sum(
            each.laddr.port == self.port and each.status == psutil.CONN_ESTABLISHED
            for each in self.process.net_connections("tcp")
        )

    @property
    def cpu_ms(self) -> float:
        used = self.process.cpu_times()
        return float(used.user + used.system) * 1_000

    @property
    def rss_kib(self) -> int:
        return int(self.process.memory_info().rss) // 1024


@contextmanager
def target(**settings: str) -> Iterator[Target]:
    """A `fleet-api serve` of its own, by default with an embedded database without rows."""
    with tempfile.TemporaryDirectory(prefix="fleet-api-hostile-") as directory:
        Path(directory).chmod(0o755)  # as root, PostgreSQL's account could not enter it
        data_dir, port, log = Path(directory) / "data", free_port(), Path(directory) / "serve.log"
        environment = our_environment(data_dir) | _ONE_ADDRESS_FOR_ALL | {"FLEET_PORT": str(port)} | settings
        with started(fleet_api("serve"), environment, log, Cores.servers()) as process:
            await_ready(process, log, lambda: listens(port), every=0.05)
            services = make_services(Settings(data_dir=data_dir))
            token = mint(services, Role.PLATFORM_OPS, None, "canary", timedelta(hours=1))
            yield Target(port, process, token)
