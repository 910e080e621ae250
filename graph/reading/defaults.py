"""The front matter of a document, with what its site says for it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from graph.model import JsonValue
from graph.problems import Problem
from graph.sites.defaults import defaults
from graph.sites.site import Site
from graph.sites.vocabulary import document_vocabulary, folded


def with_defaults(
    fields: Mapping[str, JsonValue], site: Site, label: str
) -> tuple[Mapping[str, JsonValue], Mapping[str, str]]:
    """The fields, those of the document first; and of those that are not its own the files that say them.

    A default counts where the document has neither that key nor another one for the same fields.
    """
    found = defaults(site, label)
    if not found:
        return fields, {}
    vocabulary = document_vocabulary(site)
    said = vocabulary.resolve(fields)
    added = {
        key: default
        for key, default in found.items()
        if folded(key) not in said.keys
        and not (set(vocabulary.fields(folded(key))) and said.values.keys() >= set(vocabulary.fields(folded(key))))
    }
    values = {key: default.value for key, default in added.items()}
    return {**fields, **values}, {key: default.file for key, default in added.items()}


def of_their_files(problems: Iterable[Problem], files: Mapping[str, str]) -> tuple[list[Problem], list[Problem]]:
    """The problems with what a document says itself; and those with defaults, which name the files of these."""
    own: list[Problem] = []
    others: list[Problem] = []
    for problem in problems:
        file = files.get(str(problem.path[0])) if problem.path else None
        if file is None:
            own.append(problem)
        else:
            others.append(replace(problem, file=file, line=None))
    return own, others
