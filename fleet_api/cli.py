"""The commands of `fleet-api`."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from fleet_api import serving
from fleet_api.graphql.app import maintain_once, make_services
from fleet_api.graphql.operations.manifest import UnusableOperationsError
from fleet_api.importing import ImportFailedError, import_models
from fleet_api.ingesting import IngestFailedError, ingest
from fleet_api.migrations import check_drift, downgrade, is_revision, migrate, revision_of, revisions
from fleet_api.runtime import direct_url, running_database
from fleet_api.schema_commands import commands as schema_commands
from fleet_api.settings_or_exit import settings_or_exit
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.auth.keys import UnusableKeysError
from fleet_api.shared.infrastructure.auth.signing_key import UnusableSigningKeyError
from fleet_api.shared.infrastructure.logs import configure_logs
from fleet_api.telemetry.infrastructure.point_files import UnreadableFileError
from fleet_api.tokens import UnknownSubjectError, driver_named, mint, provider_named

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The GraphQL API of an electric-vehicle fleet.",
)
app.add_typer(schema_commands)


@app.callback()
def main() -> None:
    configure_logs()


@app.command()
def serve() -> None:
    """Start the database, migrate it, seed it when it is empty, and serve."""
    try:
        serving.serve(settings_or_exit())
    except (UnusableSigningKeyError, UnusableKeysError, UnusableOperationsError, OSError) as error:
        typer.echo(f"Cannot serve: {error}", err=True)
        raise typer.Exit(1) from None


@app.command("migrate")
def migrate_command(
    check: Annotated[bool, typer.Option(help="Only tell whether the tables drifted.")] = False,
    to: Annotated[
        str | None, typer.Option(metavar="REVISION", help="Go back to this one, such as 0005, or to base.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Go back without asking.")] = False,
) -> None:
    """Bring the database's schema to the newest revision, or back to an older one."""
    settings = settings_or_exit()
    if to is not None and not is_revision(to):
        typer.echo(f"There is no revision {to}: name one of {', '.join(revisions())}, or base.", err=True)
        raise typer.Exit(2)
    with running_database(settings) as url:
        direct = direct_url(settings, url)
        if to is not None:
            _go_back(direct, to, yes=yes)
            return
        migrate(direct)
        if check:
            check_drift(direct)


def _go_back(url: str, revision: str, *, yes: bool) -> None:
    current = asyncio.run(revision_of(url)) or "base"
    history = ["base", *revisions()]
    if current not in history[history.index(revision) + 1 :]:
        typer.echo(f"The schema is at {current}: from there is no way back to {revision}.", err=True)
        raise typer.Exit(2)
    typer.echo(
        f"Going back to {revision} drops the tables and columns that came after it, WITH ALL THEY HOLD. Stop every "
        "`serve` of a newer version first, or it will migrate again when it starts.",
        err=True,
    )
    if not yes:
        typer.confirm("Go back?", abort=True, err=True)
    downgrade(url, revision)
    typer.echo(f"The schema is at {revision}.")


@app.command()
def token(
    role: Annotated[Role, typer.Option(help="Whose token it is.")] = Role.DISPATCHER,
    provider: Annotated[str | None, typer.Option(help="Demo name (north, harbor) or id of the provider.")] = None,
    driver: Annotated[str | None, typer.Option(help="Phone or id of the driver, for the role driver.")] = None,
    ttl: Annotated[int, typer.Option(min=1, max=10 * 365 * 86_400, help="Seconds that it lasts.")] = 12 * 3600,
) -> None:
    """Print a token, and nothing else."""
    settings = settings_or_exit()
    try:
        provider_id, subject = provider_named(provider), f"{role}@{provider or 'platform'}"
        if role is Role.DRIVER:
            with running_database(settings) as url:
                driver_id, provider_id = asyncio.run(driver_named(url, provider_id, driver))
                subject = str(driver_id)
        typer.echo(mint(make_services(settings), role, provider_id, subject, timedelta(seconds=ttl)))
    except UnknownSubjectError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@app.command("import-models")
def import_models_command(
    path: Annotated[Path, typer.Argument(help="One JSON object a line, as open-ev-data-dataset has them.")],
) -> None:
    """Load vehicle models into the catalogue; those that are there already are brought up to date. Ends with status 1
    when every line was refused."""
    settings = settings_or_exit()
    with running_database(settings) as url:
        migrate(direct_url(settings, url))
        asyncio.run(maintain_once(settings, url))  # the import leaves entries in the audit trail
        try:
            summary = asyncio.run(import_models(url, make_services(settings), path))
        except ImportFailedError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
    typer.echo(summary)
    if summary.is_vain:
        raise typer.Exit(1)


@app.command("ingest")
def ingest_command(
    path: Annotated[Path, typer.Argument(help="One JSON object a line, or CSV with a header; - for standard input.")],
    provider: Annotated[
        str | None, typer.Option(help="Whose vehicles: demo name or id. Needed where a vin tells the vehicle.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Start over; what is there already stays as it is.")] = False,
) -> None:
    """Take points into the history, in bulk and by the rules of recordTelemetry, whose fields they have; a vin may
    stand for a vehicleId.

    What was cut off goes on where it was when it is run again. Points that come in so make no trips, crossings or
    events. Refused lines are told in FILE.refused.ndjson. Ends with status 1 when there are some, and 2 when the file
    cannot be read.
    """
    settings = settings_or_exit()
    try:
        whose = provider_named(provider)
        with running_database(settings) as url:
            migrate(direct_url(settings, url))
            ingested = asyncio.run(ingest(url, make_services(settings), path, whose, again=again))
    except UnknownSubjectError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except UnreadableFileError as error:
        typer.echo(f"{path} cannot be read: {error}.", err=True)
        raise typer.Exit(2) from None
    except IngestFailedError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(ingested)
    if ingested.progress.refused:
        raise typer.Exit(1)


@app.command()
def maintain() -> None:
    """Make room for telemetry, events and audit entries to come, and drop what is older than is kept. `serve` does so
    every hour."""
    settings = settings_or_exit()
    with running_database(settings) as url:
        if not asyncio.run(maintain_once(settings, url)):
            raise typer.Exit(1)


@app.command("simulate")
def simulate_command(
    every: Annotated[float, typer.Option(min=1, max=300, help="Seconds between two points of a vehicle.")] = 5,
    seconds: Annotated[float | None, typer.Option(min=1, help="How long to go on; until Ctrl-C by default.")] = None,
) -> None:
    """Drive the demo's vehicles along their routes, so that telemetry moves."""
    from fleet_api.demo.simulate import SimulationError, simulate  # noqa: PLC0415 - nobody else waits for the world

    settings = settings_or_exit()
    with running_database(settings) as url, suppress(KeyboardInterrupt):
        try:
            accepted = asyncio.run(simulate(url, make_services(settings), every, seconds))
        except SimulationError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
        typer.echo(f"{accepted} points recorded.")
