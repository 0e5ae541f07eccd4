"""Starting, and stopping without leaving anything behind."""

import ctypes
import os
import signal
import sys

import typer
import uvicorn
from starlette.applications import Starlette

from fleet_api.graphql.app import make_app
from fleet_api.migrations import migrate
from fleet_api.runtime import running_database
from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.logs import configure_logs

_PR_SET_PDEATHSIG = 1
_MAX_SOCKET_MESSAGE_BYTES = 256 * 1024


def serve(settings: Settings) -> None:
    typer.echo("Starting the database …")
    with running_database(settings) as url:
        typer.echo("Migrating …")
        migrate(url)
        _announce(settings)
        # Workers are other processes: they find the database that this one keeps running by its address.
        os.environ["FLEET_DATABASE_URL"] = url
        uvicorn.run(
            "fleet_api.serving:worker_app" if settings.workers > 1 else make_app(settings, url),
            factory=settings.workers > 1,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            access_log=False,
            log_config=None,
            server_header=False,
            ws_max_size=_MAX_SOCKET_MESSAGE_BYTES,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=settings.shutdown_seconds,
        )


def worker_app() -> Starlette:
    """The application of one worker process among several."""
    _die_with_the_parent()
    configure_logs()
    settings = Settings()
    if settings.database_url is None:
        raise RuntimeError("a worker is started by `fleet-api serve`")
    return make_app(settings, settings.database_url)


def _die_with_the_parent() -> None:
    """So that a parent that is killed outright leaves no worker behind. Linux only; elsewhere workers outlive it."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(1)


def _announce(settings: Settings) -> None:
    address = f"http://{settings.host}:{settings.port}"
    typer.echo(
        f"""
  Fleet API   {address}/graphql
  GraphiQL    {address}/graphiql
  Health      {address}/healthz  {address}/readyz

  A token:    make -s token ROLE=dispatcher PROVIDER=north
  In GraphiQL, put it under Headers: {{"Authorization": "Bearer …"}}
  Stop with Ctrl-C; the data stays in {settings.data_dir}.
"""
    )
