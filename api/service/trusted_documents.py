"""Trusted documents: the operations in a folder, which are the only ones that a service answers if it has such a folder.

A client sends the text of an operation as it stands in a file, or its id: the SHA-256 of that text, or what a manifest says.
Manifests are JSON: `{id: text}`, as Relay and GraphQL Code Generator write them, or Apollo's with a list of `operations`.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from api.errors import ErrorCode, RequestError
from api.settings import SettingError
from graph.regular_files import read_text

_HASH_SCHEME = "sha256:"


class TrustedDocuments:
    """The operations that are allowed."""

    def __init__(self, folder: Path) -> None:
        """Reads the folder.

        Raises:
            SettingError: a file cannot be read, or there is none.
        """
        self._by_id: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        texts: dict[str, str] = {}
        for document_id, text in _documents(folder):
            self._by_id[document_id] = text
            self._by_id[hashlib.sha256(text.encode()).hexdigest()] = text
            if text.strip() not in self._texts:
                texts[document_id] = text
            self._texts[text.strip()] = text
        self.texts: Mapping[str, str] = MappingProxyType(texts)
        """Each of them once, by the id that its file or its manifest gives it."""
        if not self._texts:
            raise SettingError(f"{folder} holds no trusted documents; put .graphql files or a JSON manifest there.")

    def query(self, query: str | None, document_id: str | None) -> str:
        """The text of the operation that a request asks for by its text, else by its id.

        Raises:
            RequestError: it is none of the trusted ones.
        """
        if query:
            found = self._texts.get(query.strip())
        else:
            found = self._by_id.get(document_id.removeprefix(_HASH_SCHEME)) if document_id else None
        if found is None:
            message = "This service answers trusted documents only; this is none of them. Ask its operator to add it."
            raise RequestError(ErrorCode.DOCUMENT_NOT_TRUSTED, message)
        return found


def document_id(parameters: Mapping[str, Any]) -> str | None:
    """The id that a request names, as `documentId` or as `extensions.persistedQuery`."""
    given = parameters.get("documentId")
    if given is None:
        extensions = parameters.get("extensions")
        persisted = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
        given = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    return given if isinstance(given, str) else None


def _documents(folder: Path) -> Iterator[tuple[str, str]]:
    """Each operation with its id."""
    for path in sorted(folder.rglob("*")):
        try:
            if path.suffix in (".graphql", ".gql"):
                yield path.stem, read_text(path)
            elif path.suffix == ".json":
                yield from _manifest(json.loads(read_text(path)))
        except (OSError, RecursionError, ValueError) as cause:
            raise SettingError(f"{path} cannot be read as trusted documents: {cause}.") from cause


def _manifest(content: Any) -> Iterator[tuple[str, str]]:
    if isinstance(content, dict) and isinstance(content.get("operations"), list):
        entries = [entry if isinstance(entry, dict) else {} for entry in content["operations"]]
        content = {entry.get("id"): entry.get("body") for entry in entries}
    if not isinstance(content, dict) or not all(isinstance(text, str) for pair in content.items() for text in pair):
        raise ValueError("it is no manifest of ids and texts")
    yield from content.items()
