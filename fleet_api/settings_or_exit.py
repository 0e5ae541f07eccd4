"""The settings of a command."""

import typer
from pydantic import ValidationError

from fleet_api.settings import Settings


def settings_or_exit() -> Settings:
    """Ends the program with exit status 2, and says which variable is wrong and why."""
    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            typer.echo(f"FLEET_{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}.", err=True)
        raise typer.Exit(2) from None
