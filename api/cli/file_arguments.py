"""Single files as arguments: the folders to load for them, since what is wrong with a document depends on its site."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from graph.reading.site_places import DiskPlace
from graph.sites.recognition import CONFIGURATIONS, OWN_CONFIGURATION, configured_site


def folders_of(files: Sequence[Path], given: Sequence[Path]) -> list[Path]:
    """What to load so that all the files are in it: the given folders, and those that the other files belong to."""
    folders = list(given)
    found = {_folder_of(file.resolve()): None for file in files if not _is_below(file, given)}
    outermost = [folder for folder in found if not any(other in folder.parents for other in found)]
    return [*folders, *outermost]


def _folder_of(file: Path) -> Path:
    """The root of its site, else of its repository, else the current folder if the file is in that, else its own."""
    above = list(_folders_above(file))
    site = next((folder for folder in above if _is_site(folder)), None)
    if site is not None:
        return site
    if above and (above[-1] / ".git").exists():
        return above[-1]
    here = Path.cwd()
    return here if here in above else file.parent


def _folders_above(file: Path) -> Iterator[Path]:
    """The folders of one repository that the file is in, the nearest first."""
    for folder in file.parents:
        if folder in (Path.home(), Path(file.anchor)):
            return
        yield folder
        if (folder / ".git").exists():
            return


def _is_site(folder: Path) -> bool:
    place = DiskPlace(str(folder), "", str(folder))
    names = place.names()
    return OWN_CONFIGURATION in names or (not CONFIGURATIONS.isdisjoint(names) and configured_site(place) is not None)


def _is_below(file: Path, folders: Sequence[Path]) -> bool:
    return any(file.resolve().is_relative_to(folder.resolve()) for folder in folders)
