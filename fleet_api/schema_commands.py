"""The commands of `fleet-api` that have to do with the schema, and with what clients ask of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from fleet_api.graphql.limits.limits import Limits
from fleet_api.graphql.operations.manifest import UnusableOperationsError
from fleet_api.graphql.operations.registering import Registering
from fleet_api.graphql.sdl import schema_changes, schema_in_sdl
from fleet_api.settings_or_exit import settings_or_exit

commands = typer.Typer()
operations = typer.Typer(no_args_is_help=True, help="Documents that clients may name instead of sending them.")
commands.add_typer(operations, name="operations")


@commands.command("export-schema")
def export_schema(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("schema.graphql"),
    check: Annotated[bool, typer.Option(help="Only tell whether the file is up to date.")] = False,
) -> None:
    """Write the schema in SDL."""
    sdl = schema_in_sdl()
    if not check:
        path.write_text(sdl)
    elif not path.exists() or path.read_text() != sdl:
        typer.echo(f"{path} is not the schema of the code: run `make schema`.", err=True)
        raise typer.Exit(1)


@operations.command("add")
def add_operations_command(
    paths: Annotated[
        list[Path], typer.Argument(help=".graphql files, folders of them, or the JSON that relay-compiler writes.")
    ],
) -> None:
    """Register documents in the file of FLEET_OPERATIONS: all of them, or none if one does not fit the schema."""
    with _registering() as registering:
        new, known = registering.add(paths)
        typer.echo(f"{new} new, {known} in all.")


@operations.command("list")
def list_operations_command() -> None:
    """Print each registered document's identifier, and the operations in it."""
    with _registering() as registering:
        for line in registering.described():
            typer.echo(line)


@operations.command("check")
def check_operations_command() -> None:
    """Tell whether every registered document fits the schema, still."""
    with _registering() as registering:
        registering.check()


@contextmanager
def _registering() -> Iterator[Registering]:
    """Ends the program with exit status 2 where there is no place for them, and 1 where they are of no use."""
    settings = settings_or_exit()
    if settings.operations is None:
        typer.echo("FLEET_OPERATIONS must name the file that registers them.", err=True)
        raise typer.Exit(2)
    try:
        yield Registering(settings.operations, Limits.of(settings))
    except UnusableOperationsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@commands.command("schema-changes")
def schema_changes_command(
    folder: Annotated[Path, typer.Argument(help="Where released.graphql and changes.md are.")] = Path("docs/schema"),
    release: Annotated[bool, typer.Option("--release", help="Make today's schema the released one.")] = False,
) -> None:
    """Tell what changed since the schema was released. Ends with status 1 where a change breaks clients and changes.md
    does not have it."""
    released, sdl = folder / "released.graphql", schema_in_sdl()
    if release:
        released.write_text(sdl)
        return
    changes = schema_changes(released.read_text(), sdl)
    refused = changes.refused((folder / "changes.md").read_text())
    for change in (*changes.breaking, *changes.dangerous):
        kind = "may surprise clients" if change in changes.dangerous else "breaks clients"
        typer.echo(f"{kind}: {change}" + ("" if change in refused else " (accepted)" * (change in changes.breaking)))
    if refused:
        typer.echo(
            f"{len(refused)} of these would break clients: take them back, or accept them by a line in "
            f"{folder / 'changes.md'} that says the same.",
            err=True,
        )
        raise typer.Exit(1)
