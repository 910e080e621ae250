"""What several commands are told: folders, and settings in the environment."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from api.settings import SettingError, Settings

if TYPE_CHECKING:
    from graph.sites.options import SiteOptions

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


def folder_options(command: CommandT) -> CommandT:
    """Adds what every command that loads a graph takes."""
    options = (
        click.argument("folders", nargs=-1, type=click.Path(path_type=Path)),
        click.option(
            "--unpublished",
            is_flag=True,
            help="Include what a site would hide: drafts, what is expired or dated in the future.",
        ),
        click.option(
            "--site-url", metavar="URL", help="The address of the site, if its configuration does not say it."
        ),
        click.option(
            "--exclude",
            metavar="PATTERN",
            multiple=True,
            help="Leave out files or folders, as a line of .gitignore; may be repeated.",
        ),
        click.option(
            "--config",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="Read this in place of the folder's frontgraph.toml.",
        ),
    )

    @wraps(command)
    def told(
        *arguments: Any, site_url: str | None, exclude: tuple[str, ...], config: Path | None, **values: Any
    ) -> Any:
        return command(*arguments, site=_site(site_url, exclude, config), **values)

    wrapped: Any = told
    for option in reversed(options):
        wrapped = option(wrapped)
    return cast(CommandT, wrapped)


def _site(url: str | None, exclude: tuple[str, ...], configuration: Path | None) -> "SiteOptions":
    from graph.errors import UrlError
    from graph.sites.options import site_options

    try:
        return site_options(url, exclude, configuration)
    except UrlError as cause:
        raise click.BadParameter(str(cause), param_hint="--site-url") from cause


def read_settings() -> Settings:
    with setting_errors():
        return Settings.from_environment(os.environ)


@contextmanager
def setting_errors() -> Iterator[None]:
    try:
        yield
    except SettingError as cause:
        raise click.UsageError(str(cause)) from cause
