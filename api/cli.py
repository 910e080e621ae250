"""The command line: parses, calls one function, and returns a named exit status. The one place that wires the parts.

Data goes to standard output, messages to standard error.
"""

import asyncio
import errno
import gc
import logging
import os
import socket
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from enum import IntEnum
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, TypeVar

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from api.json_text import to_json
from api.sarif import sarif_log
from api.schema.assembly import OperationRequest, execute, print_schema
from api.schema.context import Context
from api.server import ServerLimits, run_server
from api.server.workers import can_fork, run_workers
from api.service.reloading import Reloads, ask_parent, ignore_signals
from api.service.trusted_documents import TrustedDocuments
from api.settings import SettingError, Settings
from api.streams import OpenStreams
from api.telemetry import Telemetry, TelemetryError, make_tracing, snapshot_figures
from api.web.app import create_app
from api.web.export_parameters import read_selection
from graph.building.live_folders import LiveFolders, Loaded
from graph.building.loading import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.errors import ExportError, FolderError, InputError
from graph.export.formats import ExportFormat
from graph.export.selection_query import selected_nodes
from graph.export.writing import export_chunks, write_export
from graph.problems import Problem
from graph.reading.cache_files import cache_folder
from graph.reading.files import SourceFile
from graph.stores.memory import MemoryStore
from graph.stores.warming import warm, warm_rest, warm_soon
from graph.synth import write_corpus

SWITCH_SECONDS = 0.001
"""After which a thread at heavy work lets the event loop have its turn; Python's own five times as much adds up."""

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


class ExitStatus(IntEnum):
    """What the command tells the shell."""

    FINE = 0
    FAILED = 1
    """`check --strict` found problems, a query was answered with errors, or a file or port could not be used."""
    USAGE = 2
    """The command line is wrong: an unknown option, a folder that does not exist."""


class _Commands(click.Group):
    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except OSError as cause:
            if cause.errno != errno.ENOSPC:
                raise
            return _fail("Standard output cannot be written: no space is left on the device.")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="frontgraph", message="frontgraph %(version)s")
def main() -> None:
    """Turn folders of articles (markdown with front matter) into a knowledge graph that answers GraphQL.

    FOLDERS default to ./seeds, or to the sample that comes with frontgraph where there is none. Several folders become
    one graph.

    Exit status: 0 fine; 1 problems found by `check --strict`, a query answered with errors, or a file or port that
    could not be used; 2 a wrong command line.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)


def _folders(command: CommandT) -> CommandT:
    """Adds what every command that loads a graph takes."""
    argument = click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
    unpublished = click.option(
        "--unpublished", is_flag=True, help="Include what a site would hide: `published: false`, `removed`, `deleted`."
    )
    return argument(unpublished(command))


@main.command()
@_folders
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free port.")
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that answer, one for each core.",
)
@click.option("--watch", is_flag=True, help="Load again whenever files change.")
def serve(folders: Sequence[Path], unpublished: bool, host: str, port: int, workers: int, watch: bool) -> None:
    """Answer GraphQL over HTTP, with a playground for the browser.

    SIGHUP loads the folders again, and so does `POST /-/reload` with the operator's token.
    """
    settings = _settings()
    if workers > 1 and not can_fork():
        raise click.UsageError("This system cannot fork processes; run without --workers.")
    if settings.trusted_documents:
        with _setting_errors():
            TrustedDocuments(Path(settings.trusted_documents))  # whatever is wrong with them is told before the load
    ignore_signals()
    with _listen(host, port) as listener, _or_sample(folders) as chosen:
        telemetry = _telemetry(settings, workers)
        logging.getLogger().handlers[:] = [telemetry.handler]
        logging.getLogger("watchfiles").setLevel(logging.WARNING)  # what changed is told when it is loaded
        live = LiveFolders(chosen, _visibilities(settings, unpublished), cache_folder(os.environ))
        snapshots = _first_load(live).snapshots
        stores = {with_unpublished: MemoryStore(snapshot) for with_unpublished, snapshot in snapshots.items()}
        for snapshot in snapshots.values():
            warm(snapshot)
            warm_soon(snapshot)
            warm_rest(snapshot)
        _note(_summary(snapshots[unpublished]))
        _note(_addresses(host, listener.getsockname()[1], settings.root_path))
        telemetry.metrics.follow_snapshot(lambda: snapshot_figures(stores[unpublished].reader().snapshot))
        sys.setswitchinterval(SWITCH_SECONDS)
        warnings.filterwarnings("ignore", "coroutine .* was never awaited")  # in work that was stopped
        gc.collect()
        gc.freeze()  # the collector need not walk the graph, which stays; and workers share what nobody writes to

        def run(worker: int) -> None:
            watched, ask_all = chosen if watch else (), ask_parent if workers > 1 else None
            reloads = Reloads(live, stores, telemetry, watched, ask_all)
            streams = OpenStreams(settings.max_subscriptions)
            app = create_app(settings, stores[unpublished], stores.get(True), telemetry, reloads, streams)
            with telemetry.running(worker):
                run_server(
                    app,
                    listener,
                    _server_limits(settings),
                    root_path=settings.root_path,
                    trusted_proxies=settings.trusted_proxies,
                    on_refusal=telemetry.metrics.count_ended,
                    on_shutdown=streams.close_all,
                )

        if workers == 1:
            run(0)
        elif not run_workers(run, workers):
            _fail("A worker ended as soon as it had begun; what is above says why.")


@main.command()
@_folders
@click.option(
    "--format", "output_format", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True
)
@click.option("--strict", is_flag=True, help="Exit with status 1 if there is any problem.")
def check(folders: Sequence[Path], unpublished: bool, output_format: str, strict: bool) -> None:
    """Report what authors got wrong, with file, line and field."""
    with _or_sample(folders) as chosen:
        problems = _load(chosen, unpublished).problems
        log = sarif_log(problems, chosen, Path.cwd()) if output_format == "sarif" else None
    if log is not None:
        _print_json(log)
    elif output_format == "json":
        _print_json([_problem_json(problem) for problem in problems])
    else:
        for problem in problems:
            click.echo(str(problem))
        _note(f"{len(problems):,} problems" if problems else "No problems.")
    sys.exit(ExitStatus.FAILED if strict and problems else ExitStatus.FINE)


@main.command()
@_folders
@click.option(
    "--format",
    "wanted",
    type=click.Choice([wanted.value for wanted in ExportFormat]),
    required=True,
    help="What to write.",
)
@click.option("--output", required=True, help="A file, or - for standard output.")
@click.option("--filter", metavar="JSON", help="Only articles that pass, with their providers and topics.")
@click.option("--around", metavar="ID", help="Only this node and what lies around it.")
@click.option("--depth", metavar="N", help="How many steps around it, at most 4.  [default: 1]")
@click.option("--story", metavar="ID", help="Only this story's articles, with their providers and topics.")
def export(folders: Sequence[Path], unpublished: bool, wanted: str, output: str, **part: str | None) -> None:
    """Write the graph, or a part of it, for Gephi, igraph, Cytoscape, networkx or a spreadsheet."""
    try:
        query = read_selection({name: value for name, value in part.items() if value is not None})
        snapshot = _load(folders, unpublished)
        nodes = selected_nodes(snapshot, query)
        if output == "-":
            for chunk in export_chunks(snapshot, ExportFormat(wanted), nodes):
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        else:
            write_export(snapshot, ExportFormat(wanted), Path(output), nodes)
            kept = "" if nodes is None else f"{len(nodes):,} nodes of "
            _note(f"{output}: {kept}{_summary(snapshot)}")
    except InputError as cause:
        raise click.UsageError(str(cause)) from cause
    except ExportError as cause:
        _fail(str(cause))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more to say to a closed pipe
    except OSError as cause:
        _fail(f"{output} cannot be written: {cause.strerror}.")


@main.command()
@click.argument("text")
@_folders
@click.option("--variables", default="{}", help="The operation's variables, as a JSON object.")
@click.option("--operation", help="The name of the operation, if the text holds several.")
def query(text: str, folders: Sequence[Path], unpublished: bool, variables: str, operation: str | None) -> None:
    """Answer the GraphQL query TEXT (- reads it from standard input) without a server, as JSON."""
    try:
        values = orjson.loads(variables)
    except orjson.JSONDecodeError as cause:
        raise click.BadParameter(f"it is not JSON: {cause}", param_hint="--variables") from cause
    if not isinstance(values, dict):
        raise click.BadParameter("it must be a JSON object, such as '{\"first\": 3}'", param_hint="--variables")
    settings = _settings()
    request = OperationRequest(sys.stdin.read() if text == "-" else text, values, operation)
    store = MemoryStore(_load(folders, unpublished))
    answer = asyncio.run(execute(request, Context(store.reader(), settings)))
    _print_json(answer)
    sys.exit(ExitStatus.FAILED if "errors" in answer else ExitStatus.FINE)


@main.command()
@_folders
@click.option("--format", "output_format", type=click.Choice(["table", "json"]), default="table", show_default=True)
def stats(folders: Sequence[Path], unpublished: bool, output_format: str) -> None:
    """Count nodes, edges and problems."""
    reader = MemoryStore(_load(folders, unpublished)).reader()
    info = reader.info()
    counts = {
        "nodes": {kind.value: count for kind, count in reader.node_counts().items()},
        "edges": {kind.value: count for kind, count in info.edge_counts.items()},
        "problems": {code.value: count for code, count in info.problem_counts.items()},
    }
    if output_format == "json":
        _print_json({"version": info.version, **counts})
        return
    table = Table("", "", "count", title=f"version {info.version}")
    table.columns[2].justify = "right"
    for group, rows in counts.items():
        for name, count in rows.items():
            table.add_row(group, name, f"{count:,}")
            group = ""
        table.add_section()
    Console().print(table)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--articles", default=1_000, show_default=True, type=click.IntRange(1, 10_000_000), help="How many.")
@click.option("--seed", default=1, show_default=True, help="Equal seeds give equal files.")
def synth(folder: Path, articles: int, seed: int) -> None:
    """Write a corpus of invented articles into an empty FOLDER, shaped like a real one: stories, hubs, rare topics."""
    try:
        write_corpus(folder, articles, seed)
    except FolderError as cause:
        raise click.UsageError(str(cause)) from cause
    _note(f"{folder}: {articles:,} articles")


@main.command()
def schema() -> None:
    """Print the GraphQL schema."""
    click.echo(print_schema(), nl=False)


def _visibilities(settings: Settings, unpublished: bool) -> Sequence[bool]:
    """What has to be loaded: the public graph, and everything if some clients may see it."""
    return [unpublished] if unpublished or settings.preview_token is None else [False, True]


def _server_limits(settings: Settings) -> ServerLimits:
    """What the server around the application takes of clients."""
    return ServerLimits(
        request_timeout=max(0.5, settings.request_seconds - 2),  # once a second it is looked at, and who was told to go
        max_head_bytes=settings.max_head_kb * 1024,
        max_connections=settings.max_connections,
    )


def _telemetry(settings: Settings, workers: int) -> Telemetry:
    try:
        tracing = make_tracing() if settings.tracing else None
    except TelemetryError as cause:
        raise click.UsageError(str(cause)) from cause
    return Telemetry(
        log_format=settings.log_format,  # type: ignore[arg-type]  # the setting has no other values
        log_requests=settings.log_requests,
        slow_query_seconds=settings.slow_query_ms / 1_000,
        workers=workers,
        tracing=tracing,
    )


def _first_load(live: LiveFolders) -> Loaded:
    try:
        return live.load(_progress())
    except FolderError as cause:
        raise click.UsageError(str(cause)) from cause


def _addresses(host: str, port: int, prefix: str) -> str:
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}{prefix}"
    return f"\n  Start page   {address}/\n  Playground   {address}/graphql\n  Schema       {address}/schema.graphql\n"


def _settings() -> Settings:
    with _setting_errors():
        return Settings.from_environment(os.environ)


@contextmanager
def _setting_errors() -> Iterator[None]:
    try:
        yield
    except SettingError as cause:
        raise click.UsageError(str(cause)) from cause


def _load(folders: Sequence[Path], unpublished: bool) -> GraphSnapshot:
    with _or_sample(folders) as chosen:
        try:
            return load_snapshot(chosen, unpublished, _progress(), cache_folder(os.environ))
        except FolderError as cause:
            raise click.UsageError(str(cause)) from cause


@contextmanager
def _or_sample(folders: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """The folders, else ./seeds, else the sample that is installed with the package."""
    seeds = Path("seeds")
    if folders or seeds.is_dir():
        yield folders or [seeds]
        return
    beside = Path(__file__).parent.parent / "seeds"
    if beside.is_dir():
        yield [beside]
        return
    _note("There is no folder ./seeds here; loading the sample that comes with frontgraph.")
    with as_file(files("api") / "_data" / "seeds") as sample:
        yield [sample]


def _progress() -> Callable[[Sequence[SourceFile]], Iterator[SourceFile]]:
    console = Console(stderr=True)

    def track(sources: Sequence[SourceFile]) -> Iterator[SourceFile]:
        if not console.is_terminal:
            yield from sources
            return
        columns = (
            TextColumn("Reading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("files, {task.fields[rate]} files/s,"),
            TimeRemainingColumn(),
            TextColumn("left"),
        )
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("", total=len(sources), rate="…")
            for done, source in enumerate(sources, 1):
                yield source
                speed = progress.tasks[task].speed
                progress.update(task, completed=done, rate=f"{speed:,.0f}" if speed else "…")

    return track


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens before anything is loaded, so that a taken port is told at once."""
    with ExitStack() as on_failure:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            listener = on_failure.enter_context(socket.socket(family, kind, protocol))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
        except (OSError, UnicodeError) as cause:
            reason = cause.strerror if isinstance(cause, OSError) else "It is no host name"
            _fail(f"{host} port {port} cannot be listened on: {reason}. Choose another with --host and --port.")
        on_failure.pop_all()
        return listener


def _fail(message: str) -> Any:
    """Ends the command with a message."""
    _note(f"Error: {message}")
    sys.exit(ExitStatus.FAILED)


def _note(message: str) -> None:
    click.echo(message, err=True)


def _print_json(value: object) -> None:
    click.echo(to_json(value, indent=True).decode())


def _summary(snapshot: GraphSnapshot) -> str:
    nodes = sum(map(len, snapshot.ids.values()))
    edges = sum(snapshot.edge_counts.values())
    problems = f", {len(snapshot.problems):,} problems (see `frontgraph check`)" if snapshot.problems else ""
    return f"{nodes:,} nodes, {edges:,} edges{problems}"


def _problem_json(problem: Problem) -> dict[str, object]:
    return {
        "severity": problem.severity.value,
        "code": problem.code.value,
        "message": problem.message,
        "file": problem.file,
        "line": problem.line,
        "fieldPath": problem.field_path,
    }
