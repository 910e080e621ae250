"""A client's side of the conversation in tests/clients/leading.py, by way of what docs/clients.md shows of the client that is named."""

import asyncio
import importlib
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

Told: TypeAlias = dict[str, Any]
"""An operation's name, its `query` and `variables`; or a response."""


class Client(NamedTuple):
    ask: Callable[[Told], Awaitable[Told]]
    """Raises what the client raises."""
    events: Callable[[Told], AsyncIterator[Told]]


def of_httpx() -> Client:
    recipe, http = importlib.import_module("httpx_client"), importlib.import_module("httpx").AsyncClient(timeout=30)

    async def ask(told: Told) -> Told:
        by_hash = told["operation"] == "Count"
        response: Told = await (recipe.ask_by_hash if by_hash else recipe.ask)(http, told["query"], told["variables"])
        return response

    return Client(ask, lambda told: recipe.events(http, told["query"]))


def of_gql() -> Client:
    recipe = importlib.import_module("gql_client")

    async def ask(told: Told) -> Told:
        async with recipe.client() as session:
            return {"data": await recipe.ask(session, told["query"], told["variables"])}

    async def events(told: Told) -> AsyncIterator[Told]:
        async for data in recipe.events(told["query"]):
            yield {"data": data}

    return Client(ask, events)


def of_ariadne_codegen() -> Client:
    recipe = importlib.import_module("typed_client")
    client = recipe.client()

    async def ask(told: Told) -> Told:
        return _json(await getattr(client, told["operation"].lower())(**told["variables"]))

    async def events(_: Told) -> AsyncIterator[Told]:
        async for event in recipe.events(client):
            yield _json(event)

    return Client(ask, events)


def _json(model: Any) -> Told:
    return {"data": model.model_dump(mode="json", by_alias=True)}


def of_sgqlc() -> Client:
    recipe = importlib.import_module("sgqlc_client")

    def ask(told: Told) -> Told:
        if told["operation"] == "About":
            return {"data": recipe.about(**told["variables"]).__json_data__}
        response: Told = recipe.endpoint(told["query"], told["variables"])
        if failures := [error["exception"] for error in response.get("errors", ()) if "exception" in error]:
            raise failures[0]
        return {name: value for name, value in response.items() if name in ("data", "errors")}

    async def events(_: Told) -> AsyncIterator[Told]:
        found = iter(recipe.events())
        while True:
            event = await asyncio.to_thread(next, found)
            yield {"data": event.__json_data__}

    return Client(lambda told: asyncio.to_thread(ask, told), events)


CLIENTS = {"httpx": of_httpx, "gql": of_gql, "ariadne-codegen": of_ariadne_codegen, "sgqlc": of_sgqlc}


async def speak(client: Client) -> None:
    listening = []
    while line := await asyncio.to_thread(sys.stdin.readline):
        word, _, text = line.partition(" ")
        told = json.loads(text)
        if word == "subscribe":
            listening.append(asyncio.create_task(tell_events(client.events(told))))
        else:
            write("answer", await answer(client, told))
    os._exit(0)  # a thread may wait for an event


async def tell_events(events: AsyncIterator[Told]) -> None:
    async for event in events:
        write("event", event)


async def answer(client: Client, told: Told) -> Told:
    try:
        return await client.ask(told)
    except Exception as error:
        errors: Iterable[Any] | None = getattr(error, "errors", None)  # where GraphQL's errors are raised
        if errors is None:
            return {"failed": repr(error)}
        return {"errors": [each if isinstance(each, dict) else vars(each) for each in errors]}


def write(word: str, told: Told) -> None:
    print(word, json.dumps(told, default=repr), flush=True)


if __name__ == "__main__":
    asyncio.run(speak(CLIENTS[sys.argv[1]]()))
