"""Starting, and stopping without leaving anything behind."""

import asyncio
import ctypes
import errno
import gc
import multiprocessing
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import resource_tracker
from typing import Any

import typer
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from fleet_api.demo.seed import is_empty, seed_when_empty
from fleet_api.demo.visitors import DemoVisitors
from fleet_api.graphql.app import WORKERS_NUMBERS, FleetApp, maintain_once, make_app, make_operations
from fleet_api.graphql.seen.workers import place_of_workers
from fleet_api.graphql.transport.door import Door
from fleet_api.migrations import migrate
from fleet_api.runtime import direct_url, running_database
from fleet_api.settings import Seed, Settings
from fleet_api.shared.infrastructure.logs import configure_logs

_PR_SET_PDEATHSIG = 1
_BACKLOG = 2048
_OTHER_FILES = 512
_WORKERS_DATABASE = "FLEET_WORKERS_DATABASE"
_GC_THRESHOLDS = (50_000, 20, 50)


def serve(settings: Settings) -> None:
    """Serves until Ctrl-C or SIGTERM; then requests under way get their answers, and the database stops last."""
    make_operations(settings)  # what is wrong with them is told once, and not by each worker
    with _stopping() as stop_if_asked, socket.socket(_family(settings.host)) as listener:
        # The port first: who cannot have it learns so before a database has started.
        with _claiming(settings):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((settings.host, settings.port))
        typer.echo("Starting the database …")
        with _numbers_of(settings.workers), running_database(settings) as url:
            stop_if_asked()
            typer.echo("Migrating …")
            migrate(direct_url(settings, url))
            stop_if_asked()
            asyncio.run(_fill(settings, url))
            stop_if_asked()
            # Only now, so that an open port is an API that answers. Two may bind a port; the first to listen has it.
            with _claiming(settings):
                listener.listen(_BACKLOG)
            _make_room(settings)
            _announce(settings, listener.getsockname()[1])
            run = _server(settings, url, listener)
            stop_if_asked()
            run()


@contextmanager
def _stopping() -> Iterator[Callable[[], None]]:
    """A stop is a stop, also while we start: it interrupts whatever is under way. Where that is a hook of a fork or a
    callback of the interpreter, nobody hears of it, and some make another error of it: so each step asks again."""
    asked = False

    def stop(*_: object) -> None:
        nonlocal asked
        again, asked = asked, True
        loop = asyncio._get_running_loop()
        if loop is None or again:
            raise KeyboardInterrupt
        for task in asyncio.all_tasks(loop):  # what runs in it may be in no state to be interrupted
            loop.call_soon_threadsafe(task.cancel)

    def stop_if_asked() -> None:
        if asked:
            raise KeyboardInterrupt

    def unheard(lost: Any) -> None:
        if not asked:
            sys.__unraisablehook__(lost)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    sys.unraisablehook = unheard
    try:
        yield stop_if_asked
    except (KeyboardInterrupt, asyncio.CancelledError):
        pass
    except Exception:
        if not asked:
            raise


@contextmanager
def _numbers_of(workers: int) -> Iterator[None]:
    """Where several workers tell each other what they count."""
    os.environ.pop(WORKERS_NUMBERS, None)
    if workers == 1:
        yield
        return
    with place_of_workers() as directory:
        os.environ[WORKERS_NUMBERS] = str(directory)
        yield


async def _fill(settings: Settings, url: str) -> None:
    """Room for telemetry first: the seed brings some. Where there is no need to seed, each worker makes it itself."""
    if settings.seed is not Seed.NONE and await is_empty(url):
        await maintain_once(settings, url)
        await seed_when_empty(url, settings.seed)


def _make_room(settings: Settings) -> None:
    """Files that this process and its workers may open: as many as connections, as far as the system allows."""
    room, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = settings.connections + _OTHER_FILES
    if room < wanted:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most)
        )


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


@contextmanager
def _claiming(settings: Settings) -> Iterator[None]:
    """Ends the program with exit status 1, and says why, where we cannot have the port."""
    try:
        yield
    except OSError as error:
        why = "it is taken" if error.errno == errno.EADDRINUSE else error.strerror
        sys.exit(f"Cannot listen on {settings.host} port {settings.port}: {why}. FLEET_PORT chooses another port.")


def _announce(settings: Settings, port: int) -> None:
    address = f"http://{f'[{settings.host}]' if ':' in settings.host else settings.host}:{port}"
    graphiql = f"\n  GraphiQL    {address}/graphiql" if settings.serves_graphiql else ""
    typer.echo(
        f"""
  Fleet API   {address}/graphql{graphiql}
  Health      {address}/healthz  {address}/readyz

  A token:    make -s token ROLE=dispatcher PROVIDER=north
  Stop with Ctrl-C; the data stays in {settings.data_dir}.
"""
    )


def _server(settings: Settings, url: str, listener: socket.socket) -> Callable[[], None]:
    # Workers are other processes: they find the database that this one keeps running by its address.
    os.environ[_WORKERS_DATABASE] = url
    several = settings.workers > 1
    app = "fleet_api.serving:worker_app" if several else app_of(settings, url)
    config = server_config(settings, app, factory=several, workers=settings.workers)
    if not several:
        settle_garbage()
        return partial(uvicorn.Server(config).run, sockets=[listener])
    hang_up = signal.getsignal(signal.SIGHUP)
    supervisor = Workers(config, sockets=[listener])
    signal.signal(signal.SIGHUP, hang_up)  # uvicorn would start new workers for a terminal that was closed
    return supervisor.run


def app_of(settings: Settings, url: str) -> FleetApp:
    return make_app(settings, url, DemoVisitors() if settings.is_demo else None)


def server_config(settings: Settings, app: ASGIApp | str, **options: Any) -> uvicorn.Config:
    """The one way to serve the application: its sockets and streams need a protocol that hands connections over."""
    return uvicorn.Config(
        app,
        http=Door(settings).protocol,
        backlog=_BACKLOG,
        access_log=False,
        log_config=None,
        server_header=False,
        headers=[("X-Content-Type-Options", "nosniff")],  # on every answer, those before the application included
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=settings.shutdown_seconds,
        **options,
    )


class Workers(Multiprocess):
    """Workers that hear no Ctrl-C, not even while they still import: it is for us, and we tell them to stop."""

    def init_processes(self) -> None:
        resource_tracker.ensure_running()  # it lifts the block below when it is the first to start
        with _ctrl_c_waiting():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        with _ctrl_c_waiting():
            super().keep_subprocess_alive()


@contextmanager
def _ctrl_c_waiting() -> Iterator[None]:
    """A Ctrl-C reaches us after the block; it never reaches the processes that start inside, which inherit the mask."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def worker_app() -> Starlette:
    """The application of one worker process among several."""
    _die_with_the_parent()
    configure_logs()
    app = app_of(Settings(), os.environ[_WORKERS_DATABASE])
    settle_garbage()
    return app


def settle_garbage() -> None:
    """What is loaded by now stays for good, and a request leaves next to no cycles behind: looking for garbage often,
    and through everything, held up all requests for a tenth of a second at a time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)


def _die_with_the_parent() -> None:
    """So that a parent that is killed outright leaves no worker behind. Linux only; elsewhere workers outlive it."""
    parent = multiprocessing.parent_process()
    if sys.platform == "linux" and parent is not None:
        # At once: the embedded database goes with the parent, so there is nothing left to answer with.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent.pid:  # it died before we asked
            sys.exit(1)
