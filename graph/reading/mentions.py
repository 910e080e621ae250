"""Providers and topics as a document or a copy names them."""

from graph.links import name_slug, provider_domain
from graph.model import Image
from graph.problems import ProblemCode, error, quote
from graph.reading.field_reader import FieldReader
from graph.reading.records import ProviderMention


def topic_names(reader: FieldReader) -> tuple[str, ...]:
    """Topic names whose slugs differ; the first spelling of each stays."""
    by_slug: dict[str, str] = {}
    for name, path in reader.placed_texts("topics"):
        slug = name_slug(name)
        if slug is None:
            message = f"The topic {quote(name)} has no letter or digit to identify it by; rename it."
            reader.problems.append(error(ProblemCode.NAME_UNUSABLE, message, path=path))
        else:
            by_slug.setdefault(slug, name)
    return tuple(by_slug.values())


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
