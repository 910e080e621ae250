"""What several commands are told: folders, and settings in the environment."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from api.settings import SettingError, Settings

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


def folder_options(command: CommandT) -> CommandT:
    """Adds what every command that loads a graph takes."""
    argument = click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
    unpublished = click.option(
        "--unpublished", is_flag=True, help="Include what a site would hide: `published: false`, `removed`, `deleted`."
    )
    return argument(unpublished(command))


def read_settings() -> Settings:
    with setting_errors():
        return Settings.from_environment(os.environ)


@contextmanager
def setting_errors() -> Iterator[None]:
    try:
        yield
    except SettingError as cause:
        raise click.UsageError(str(cause)) from cause
