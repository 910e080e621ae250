"""Providers, persons and topics as a document or a copy names them."""

from collections.abc import Iterable

from graph.links import name_slug, provider_domain
from graph.model import Image, JsonValue
from graph.problems import FieldPath, Problem, ProblemCode, error, quote
from graph.reading.field_reader import FieldReader
from graph.reading.records import PersonMention, ProviderMention, TopicMention
from graph.sites.vocabulary import TopicList


def topic_mentions(lists: Iterable[TopicList], problems: list[Problem]) -> tuple[TopicMention, ...]:
    """The topics of all lists, in their order."""
    by_slug: dict[str, TopicMention] = {}
    for taxonomy, value, place in lists:
        reader = FieldReader({"terms": value}, problems=problems, places={"terms": place})
        for name, path in reader.placed_texts("terms"):
            slug = name_slug(name)
            if slug is None:
                message = f"The topic {quote(name)} has no letter or digit to identify it by; rename it."
                reader.problems.append(error(ProblemCode.NAME_UNUSABLE, message, path=path))
            else:
                by_slug.setdefault(slug, TopicMention(name, taxonomy))
    return tuple(by_slug.values())


def person_mentions(reader: FieldReader) -> tuple[PersonMention, ...]:
    """The authors, each once."""
    found: dict[str, PersonMention] = {}
    for value, path in reader.listed("authors"):
        person = _person(reader, value, path)
        if person:
            found.setdefault(person.key, person)
    return tuple(found.values())


def _person(reader: FieldReader, value: JsonValue, path: FieldPath) -> PersonMention | None:
    fields = value if isinstance(value, dict) else {"name": value}
    person = FieldReader(fields, path, reader.problems, {} if isinstance(value, dict) else {"name": ()})
    name = person.text("name", 500)
    if name is None:
        return None
    key = name_slug(person.text("key", 500) or name)
    if key is None:
        message = f"The author {quote(name)} has no letter or digit to identify them by; correct the name."
        reader.problems.append(error(ProblemCode.NAME_UNUSABLE, message, path=path))
        return None
    return PersonMention(key, name, person.url("url"), person.images("images"), person.text("description"))


def provider_mention(reader: FieldReader) -> ProviderMention | None:
    if isinstance(reader.fields.get("provider"), str):
        name = reader.text("provider", 500)
        domain = provider_domain(name or "")
        return _mention(reader, domain, None if domain else name, ())
    provider = reader.mapping("provider")
    if provider is None:
        return None
    return _mention(reader, domain_of(provider), provider.text("name", 500), provider.images("images"))


def _mention(
    reader: FieldReader, domain: str | None, name: str | None, images: tuple[Image, ...]
) -> ProviderMention | None:
    key = domain or (name_slug(name) if name else None)
    if key is None:
        if name is not None:
            message = f"The provider {quote(name)} has no letter or digit to identify it by; give it a domain."
            reader.problems.append(error(ProblemCode.NAME_UNUSABLE, message, path=(*reader.path, "provider")))
        return None
    return ProviderMention(key, domain, name, images)


def domain_of(reader: FieldReader) -> str | None:
    text = reader.text("domain", 500)
    if text is None:
        return None
    domain = provider_domain(text)
    if domain is None:
        message = f"{quote(text)} is no domain; write it like example.org, without https:// or a path."
        reader.problems.append(error(ProblemCode.FIELD_TYPE, message, path=(*reader.path, "domain")))
    return domain
