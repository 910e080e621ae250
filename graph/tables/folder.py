"""A snapshot ↔ a folder of Parquet files, which is read in seconds by whoever gets it.

    graph.json            what the graph is, and which folder beside it is current
    VERSION/              the tables of one version, as `graph.tables.rows` has them, a file for each

A new version has a folder of its own, and is current as soon as one rename has put another `graph.json` in place. The version before
stays until the next one, for those who are reading it.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.errors import ExportError, FolderError
from graph.regular_files import read_text
from graph.tables.manifest import FORMAT, Manifest, ManifestError, facts_of, manifest_of, says_the_same
from graph.tables.rows import TABLES, merged, tables_of

if TYPE_CHECKING:
    from types import ModuleType

MANIFEST = "graph.json"
_UNFINISHED = ".unfinished-"


def is_built(folder: Path) -> bool:
    """Whether this is a folder that `write_folder` made, and no folder of documents."""
    try:
        return _manifest_values(folder) is not None
    except OSError:
        return False


def write_folder(snapshot: GraphSnapshot, folder: Path, unpublished: bool) -> bool:
    """Make this snapshot the current one of the folder, which is made if need be; False if it was already.

    `unpublished` says whether the snapshot was loaded with what a site would hide.
    Cost: linear; memory for one group of rows beside the snapshot.

    Raises:
        ExportError: pyarrow is not installed.
        FolderError: the folder holds something else.
        OSError: it cannot be written to; what was current stays.
    """
    parquet = _parquet()
    folder.mkdir(parents=True, exist_ok=True)
    current = _manifest_values(folder)
    if current is None and any(folder.iterdir()):
        raise FolderError(f"{folder} holds other files; name a new or empty folder, or one that holds a built graph.")
    facts = facts_of(snapshot, unpublished)
    if current is not None and says_the_same(current, facts):
        return False
    tables = folder / snapshot.version
    if not tables.is_dir():
        unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder))
        try:
            for table in tables_of(snapshot):
                parquet.write_table(table, unfinished / _file_name(table.name))
            unfinished.chmod(0o777 & ~_umask())
            unfinished.rename(tables)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
    _replace(folder / MANIFEST, orjson.dumps(facts, option=orjson.OPT_INDENT_2))
    _tidy(folder, {snapshot.version, *([current["version"]] if current else ())})
    return True


def read_folder(folder: Path, before: GraphSnapshot | None = None) -> tuple[Manifest, GraphSnapshot]:
    """The current snapshot of the folder, and what is said of it; of the snapshot `before` serves what is still the same.

    Raises:
        FolderError: there is none, or it cannot be read; the text says why and what to do.
    """
    manifest = read_manifest(folder)
    try:
        parquet = _parquet()
    except ExportError as cause:
        raise FolderError(str(cause)) from cause
    try:
        tables = [
            parquet.read_table(name, columns, folder / manifest.version / _file_name(name))
            for name, columns in TABLES.items()
        ]
        result = merged(tables)
    except (OSError, ValueError) as cause:
        if read_manifest(folder).version != manifest.version:  # replaced twice while this was reading
            return read_folder(folder, before)
        raise FolderError(f"The graph built in {folder} cannot be read: {cause} Build it again.") from cause
    result.inventory, result.sites = manifest.inventory, manifest.sites
    snapshot = build_snapshot(result, manifest.loaded_at, before)
    if snapshot.version != manifest.version:
        raise FolderError(
            f"The graph in {folder} is damaged, or was built by another version of frontgraph. Build it again."
        )
    return manifest, snapshot


def read_manifest(folder: Path) -> Manifest:
    """What the folder's `graph.json` says.

    Raises:
        FolderError: there is none, or it is of another version of frontgraph.
    """
    try:
        values = _manifest_values(folder)
    except OSError as cause:
        raise FolderError(f"{folder / MANIFEST} cannot be read: {cause.strerror}.") from cause
    if values is None:
        raise FolderError(f"{folder} holds no built graph; `frontgraph build FOLDER --into {folder}` makes one.")
    try:
        return manifest_of(values)
    except ManifestError as cause:
        raise FolderError(
            f"{folder / MANIFEST} is damaged, or of another version of frontgraph. Build the graph again."
        ) from cause


def _manifest_values(folder: Path) -> dict[str, Any] | None:
    """None where there is no `graph.json` of ours."""
    try:
        values = orjson.loads(read_text(folder / MANIFEST))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    is_ours = isinstance(values, dict) and values.get("frontgraph") == FORMAT and isinstance(values.get("version"), str)
    return values if is_ours and values["version"].isalnum() else None


def _parquet() -> "ModuleType":
    try:
        from graph.tables import parquet
    except ModuleNotFoundError as cause:
        if cause.name != "pyarrow":
            raise
        message = 'Built graphs are Parquet files, for which pyarrow is needed. Run: pip install "frontgraph[parquet]"'
        raise ExportError(message) from cause
    return parquet


def _file_name(table: str) -> str:
    return f"{table}.parquet"


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _replace(path: Path, data: bytes) -> None:
    unfinished = path.with_name(f"{_UNFINISHED}{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _tidy(folder: Path, kept: set[str]) -> None:
    """Removes the versions that nobody may be reading any more."""
    for path in folder.iterdir():
        if path.name not in kept and path.is_dir() and (path / _file_name("articles")).exists():
            shutil.rmtree(path, ignore_errors=True)
