"""Providers, persons and topics as a document or a copy names them."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from graph.links import canonical_url, name_slug, provider_domain
from graph.model import Image, JsonValue
from graph.problems import FieldPath, ProblemCode, error, quote, warning
from graph.reading.field_reader import FieldReader
from graph.reading.names import persons_in, plain_name, unnested, without_sign
from graph.reading.records import PersonMention, ProviderMention, TopicMention
from graph.sites.site import Site, SiteSystem
from graph.sites.vocabulary import PERSON, PROVIDER, TopicList, folded

_DASHED = re.compile(r"-\w\S*(?:\s+-\w\S*)*")
"""What YAML makes of a list whose dashes have no space after them."""
_SPLITS_AT_SPACES = frozenset({SiteSystem.JEKYLL, SiteSystem.OBSIDIAN, SiteSystem.PLAIN})
_SPLIT_AT_SPACES = frozenset({"tags", "categories"})
"""The keys whose text is a list there; `category` and `topics` are one name, however many words it has."""


def topic_mentions(lists: Iterable[TopicList], reader: FieldReader, system: SiteSystem) -> tuple[TopicMention, ...]:
    """The topics of all lists of a document, in their order."""
    by_slug: dict[str, TopicMention] = {}
    for terms in lists:
        for name, path in _terms(terms, reader, system):
            slug = name_slug(name)
            if slug is None:
                message = f"The topic {quote(name)} has no letter or digit to identify it by; rename it."
                reader.problems.append(error(ProblemCode.NAME_UNUSABLE, message, path=path))
            else:
                by_slug.setdefault(slug, TopicMention(name, terms.taxonomy))
    return tuple(by_slug.values())


def _terms(terms: TopicList, reader: FieldReader, system: SiteSystem) -> Iterator[tuple[str, FieldPath]]:
    if isinstance(terms.value, str) and (names := _divided(terms, system)):
        if terms.taxonomy == "topics" or terms.value.startswith("-"):
            shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
            message = f"The text was read as the list [{shown}]; write a list, with a space after each dash, to have it so for sure."
            reader.problems.append(warning(ProblemCode.LIST_AS_TEXT, message, path=terms.path))
        for name in names:
            yield without_sign(name), terms.path
        return
    items = [_label(item) for item in terms.value] if isinstance(terms.value, list) else terms.value
    for name, path in reader.inner({terms.path[-1]: items}, terms.path[:-1]).placed_texts(terms.path[-1]):
        yield without_sign(name), path


def _label(item: JsonValue) -> JsonValue:
    """What a term is called that is a mapping, as Docusaurus has it."""
    if not isinstance(item, dict):
        return item
    return next((item[key] for key in ("label", "name", "title") if item.get(key)), item)


def _divided(terms: TopicList, system: SiteSystem) -> list[str]:
    """The terms in a text that is a list: with commas everywhere, else where the system has it so with spaces."""
    text = str(terms.value)
    if plain_name(text) != text:
        return []
    if _DASHED.fullmatch(text):
        parts = re.split(r"\s*(?:^|(?<=\s))-", text)
    elif "," in text or ";" in text:
        parts = re.split(r"[,;]", text)
    elif system in _SPLITS_AT_SPACES and folded(terms.path[-1]) in _SPLIT_AT_SPACES:
        parts = text.split()
    else:
        return []
    return [part.strip() for part in parts if part.strip()]


def person_mentions(reader: FieldReader) -> tuple[PersonMention, ...]:
    """The authors, each once."""
    found: dict[str, PersonMention] = {}
    for value, path in reader.listed("authors"):
        for each in persons_in(value) if isinstance(value, str) else (value,):
            person = _person(reader, each, path)
            if person:
                found.setdefault(person.key, person)
    return tuple(found.values())


def _person(reader: FieldReader, value: JsonValue, path: FieldPath) -> PersonMention | None:
    if value is False:  # as themes have it that show none
        return None
    fields = value if isinstance(value, dict) else {"name": value}
    said = PERSON.resolve(fields)
    places = said.paths if isinstance(value, dict) else {"name": ()}
    person = reader.inner(said.values, path, places)
    written = person.text("name", 500) or person.text("key", 500)
    if written is None:
        return None
    name = plain_name(written)
    key = name_slug(person.text("key", 500) or name)
    if key is None:
        message = f"The author {quote(name)} has no letter or digit to identify them by; correct the name."
        reader.problems.append(error(ProblemCode.NAME_UNUSABLE, message, path=path))
        return None
    return PersonMention(key, name, person.url("url"), person.images("images"), person.text("description"))


def provider_mention(reader: FieldReader) -> ProviderMention | None:
    """The provider that is named: by a mapping, a name, a domain or an address."""
    value = reader.fields.get("provider")
    if isinstance(value, list):
        value = unnested(value, is_only=True)
    if isinstance(value, str):
        name = reader.name("provider")
        domain = provider_domain(name or "") or _host(name or "")
        is_note = name is not None and plain_name(value) != value and reader.place("provider")[-1] == "source"
        return None if is_note else _mention(reader, domain, None if domain else name, ())
    provider = reader.mapping("provider")
    if provider is None:
        return None
    said = PROVIDER.resolve(provider.fields)
    named = provider.inner(said.values, provider.path, said.paths)
    address = said.values.get("url")
    domain = domain_of(named) or (_host(address) if isinstance(address, str) else None)
    return _mention(reader, domain, named.text("name", 500), named.images("images"))


def _host(address: str) -> str | None:
    """The domain of a complete address."""
    url = canonical_url(address)
    return provider_domain(urlsplit(url).hostname or "") if url else None


def implied_provider(original_url: str | None, site: Site) -> ProviderMention | None:
    """The provider of an article that names none: whoever published it first, else the site."""
    domain = _host(original_url or "")
    if domain:
        return ProviderMention(domain, domain, None)
    domain = _host(site.url or "")
    key = domain or (name_slug(site.name) if site.name else None)
    return ProviderMention(key, domain, site.name) if key else None


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
