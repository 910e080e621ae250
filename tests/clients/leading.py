"""Leads a client, which runs in a process of its own, through the conversation.

A client reads lines from its standard input, each a word and JSON:

    ask {"operation": "Page", "query": "query Page…", "variables": {}}
    subscribe {"operation": "Changes", "query": "subscription Changes…", "variables": {}}

and writes a line for each answer, in order, and for each event, as GraphQL's responses are:

    answer {"data": …, "errors": [{"message": …, "extensions": {"code": …}}]}
    answer {"failed": "no response, and why"}
    event {"data": …}

It asks the service each time, whatever it has in its cache, and ends when its input ends.
"""

import json
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any
from urllib.parse import unquote_to_bytes

from tests.clients.conversation import (
    BY_HASH,
    CHANGES,
    EDITED_TITLE,
    FIRST_PAGE,
    INVALID,
    QUERY,
    REFUSED,
    SECOND_PAGE,
    SINCE,
    VARIABLES,
    Operation,
    Step,
)
from tests.clients.stage import PATIENCE, Stage


@dataclass(frozen=True)
class Abilities:
    """What a client does by itself, or by what belongs to it."""

    validation: bool = True
    """Sends an operation that does not fit the schema."""
    hashes: bool = True
    """Asks by the hash of an operation."""
    readable: bool = True
    """Can be read on the wire; what goes through a WebSocket is masked."""
    subscription: bool = True
    retries: bool = True
    """Asks again, if the answer did not come or the service is not there."""


class Client:
    """A process that follows the protocol of this module."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._answers: Queue[Any] = Queue()
        self._events: Queue[Any] = Queue()
        Thread(target=self._read, daemon=True).start()

    def begin(self, operation: Operation, variables: Mapping[str, Any]) -> None:
        """Asks; `answer` has the answer."""
        self._write("ask", operation, variables)

    def answer(self) -> Any:
        return self._next(self._answers, PATIENCE)

    def ask(self, operation: Operation, variables: Mapping[str, Any]) -> Any:
        self.begin(operation, variables)
        return self.answer()

    def subscribe(self, operation: Operation) -> None:
        self._write("subscribe", operation, {})

    def event(self, seconds: float = PATIENCE) -> Any:
        """
        Raises:
            Empty: there is none in time.
        """
        return self._next(self._events, seconds)

    def end(self) -> int:
        """The status of a client that has nothing more to do."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._process.wait(PATIENCE)

    def _write(self, word: str, operation: Operation, variables: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        told = {"operation": operation.name, "query": operation.text, "variables": variables}
        self._process.stdin.write(f"{word} {json.dumps(told)}\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            word, _, text = line.partition(" ")
            {"answer": self._answers, "event": self._events}[word].put(_without_type_names(json.loads(text)))
        self._answers.put({"failed": "the client ended"})

    @staticmethod
    def _next(queue: "Queue[Any]", seconds: float) -> Any:
        return queue.get(timeout=seconds)


@contextmanager
def started(command: Sequence[str | Path], folder: Path) -> Iterator[Client]:
    """A client that runs in the folder until the block ends; what it says on standard error is told if the block fails."""
    with (
        (folder / "stderr").open("w+", encoding="utf-8") as said,
        subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, encoding="utf-8"
        ) as process,
    ):
        try:
            yield Client(process)
        except (AssertionError, Empty) as error:
            error.add_note((folder / "stderr").read_text(encoding="utf-8"))
            raise
        finally:
            process.kill()


def lead(client: Client, stage: Stage, abilities: Abilities) -> None:
    """The whole conversation."""
    _ask_and_compare(client, QUERY)
    _ask_and_compare(client, VARIABLES)
    if abilities.validation:
        _ask_and_compare(client, INVALID)
    _ask_and_compare(client, REFUSED)
    _turn_pages(client)
    if abilities.hashes:
        _ask_by_hash(client, stage, abilities)
    _lose_an_answer(client, stage, abilities)
    known = ""
    if abilities.subscription:
        client.subscribe(CHANGES)
        known = edit_until_told(client, stage)["version"]
        known = _miss_an_edit(client, stage, known)
    _outlive_the_service(client, stage, abilities, known)
    assert client.end() == 0


def _ask_and_compare(client: Client, step: Step) -> None:
    _compare(client.ask(step.operation, step.variables), step)


def _compare(answer: Any, step: Step) -> None:
    if step.code is not None:
        assert [error["extensions"]["code"] for error in answer.get("errors", [])] == [step.code], answer
    else:
        assert answer == {"data": step.data}, f"{step.operation.name} was answered {answer}"


def _turn_pages(client: Client) -> None:
    variables: dict[str, Any] = {}
    for step in (FIRST_PAGE, SECOND_PAGE):
        answer = client.ask(step.operation, variables)
        variables = {"after": answer["data"]["articles"]["pageInfo"].pop("endCursor")}
        _compare(answer, step)


def _ask_by_hash(client: Client, stage: Stage, abilities: Abilities) -> None:
    """The service knows the operation when it is asked for the second time, so its text is not sent again."""
    _ask_and_compare(client, BY_HASH)
    stage.wire.sent()
    _ask_and_compare(client, BY_HASH)
    sent = unquote_to_bytes(stage.wire.sent())
    assert b"totalCount" not in sent
    assert not abilities.readable or b"sha256Hash" in sent or b"documentId" in sent


def _lose_an_answer(client: Client, stage: Stage, abilities: Abilities) -> None:
    """The connection ends in the middle of an answer."""
    stage.wire.shorten_next_answer()
    answer = client.ask(QUERY.operation, QUERY.variables)
    if abilities.retries:
        _compare(answer, QUERY)
    else:
        assert answer.keys() == {"failed"}
        _ask_and_compare(client, QUERY)


def _miss_an_edit(client: Client, stage: Stage, known: str) -> str:
    """The version that is told last; what was edited while there was no connection is asked for."""
    connections = stage.wire.connections
    stage.edit_unseen()
    told = edit_until_told(client, stage)
    assert stage.wire.connections > connections
    answer = client.ask(SINCE, {"version": known})
    assert _titles(answer["data"]["snapshot"]["changes"]) == [EDITED_TITLE]
    return str(told["version"])


def _outlive_the_service(client: Client, stage: Stage, abilities: Abilities, known: str) -> None:
    """The service stops and starts; it does not know what it was before."""
    stage.stop()
    stage.edit()
    if abilities.retries:
        client.begin(QUERY.operation, QUERY.variables)
    else:
        assert client.ask(QUERY.operation, QUERY.variables).keys() == {"failed"}
    stage.start()
    if abilities.retries:
        _compare(client.answer(), QUERY)
    else:
        _ask_and_compare(client, QUERY)
    if abilities.hashes:
        _ask_and_compare(client, BY_HASH)
    if abilities.subscription:
        edit_until_told(client, stage)
        assert client.ask(SINCE, {"version": known})["data"]["snapshot"]["changes"] is None


def edit_until_told(client: Client, stage: Stage) -> Any:
    """The last change that the client is told; a file is edited again and again until it has subscribed."""
    deadline = time.monotonic() + PATIENCE
    told = None
    while told is None:
        assert time.monotonic() < deadline, "no event"
        stage.edit()
        try:
            told = _change(client.event(seconds=1))
        except Empty:
            continue
    while told["version"] != stage.version():
        told = _change(client.event())
    return told


def _change(event: Any) -> Any:
    change = event["data"]["snapshotChanged"]
    assert _titles(change) == [EDITED_TITLE]
    return change


def _titles(change: Any) -> list[str]:
    return [node["title"] for node in change["updated"]["nodes"]]


def _without_type_names(value: Any) -> Any:
    """The value without what clients add of their own."""
    if isinstance(value, dict):
        return {name: _without_type_names(each) for name, each in value.items() if name != "__typename"}
    return [_without_type_names(each) for each in value] if isinstance(value, list) else value
