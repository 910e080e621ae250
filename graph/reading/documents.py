"""Fields of a source file → a checked `Document`, with the problems found on the way."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType

from graph.bodies.reading import BodyReading, body_format, read_body
from graph.bodies.targets import BodyLink
from graph.bodies.titles import title_of
from graph.links import composed, file_slug
from graph.model import BodyFormat, JsonValue
from graph.problems import Problem, ProblemCode, error, warning
from graph.reading.article_values import article_values
from graph.reading.copies import CheckedCopies, related_references
from graph.reading.defaults import of_their_files, with_defaults
from graph.reading.field_reader import FieldReader
from graph.reading.front_matter import FrontMatter, located
from graph.reading.identity import category_names, identity
from graph.reading.mentions import implied_provider, person_mentions, provider_mention, topic_mentions
from graph.reading.open_keys import answered_keys, near_misses, open_keys
from graph.reading.records import Document, ProviderMention, Reference, is_url_key
from graph.reading.visibility import as_owner_says, visibility
from graph.reading.written_dates import date_in_path
from graph.sites.site import PLAIN_SITE, Site, SiteSystem
from graph.sites.vocabulary import Resolved, TopicList, document_vocabulary, speaks_our_words, topic_lists

BODY_LIMIT = 4 * 1024 * 1024
"""Characters of a document's body."""

_INDEX_NAMES = ("index", "_index")
"""Files that stand for their folder."""


def check_document(
    label: str, front_matter: FrontMatter, copies: CheckedCopies | None = None, site: Site = PLAIN_SITE
) -> tuple[Document, list[Problem]]:
    """The article that a file describes, and everything that is wrong with the file.

    Documents that share `copies` share what they embed.
    """
    fields, defaulted = with_defaults(front_matter.fields, site, label)
    said = document_vocabulary(site).resolve(fields)
    reader = FieldReader(
        said.values, places=said.paths, as_written=front_matter.text, base=site.url, time_zone=site.time_zone
    )
    path = PurePosixPath(label)
    values = article_values(reader)
    said_url = values["web_url"] or values["original_url"]
    place = reader.place("webUrl" if values["web_url"] else "originalUrl")
    lists = topic_lists(fields, said, site)
    body = _body(front_matter.body, reader.problems)
    written = body_format(site.system, path.suffix.lower())
    if values["title"] is None and "title" not in said.values:
        values["title"] = _title(body or "", path, said, written)
    if values["published_date_time"] is None and not said.values.get("publishedDateTime"):
        values["published_date_time"] = date_in_path(site.path(label))
    dated = visibility(reader, label, values["published_date_time"], site)
    visible = as_owner_says(dated, said, fields, site)
    own = identity(
        label,
        reader,
        site,
        said_url,
        values["title"],
        values["published_date_time"],
        category_names(site, fields, said),
    )
    provider = _provider(reader, values["original_url"], site)
    related = related_references(reader, own.url, copies or CheckedCopies())
    reading = read_body(body or "", written, _has_inline_tags(written, said, site))
    document = Document(
        file=label,
        **own._asdict(),
        body=body,
        body_format=written,
        links=_links(reading, site),
        lines_above=front_matter.count_lines_above() if reading.links else 0,
        hidden=visible.hidden,
        visible_from=visible.visible_from,
        visible_until=visible.visible_until,
        provider=provider,
        authors=person_mentions(reader),
        topics=topic_mentions([*lists, *_inline(reading)], reader, site.system),
        related=related,
        related_lines=_related_lines(front_matter, related),
        front_matter=open_keys(fields, answered_keys(said).union(found.path[0] for found in lists), reader.problems),
        identity_line=front_matter.line(place) if said_url else None,
        identity_path=place if said_url else (),
        aliases=reader.loose_texts("aliases"),
        permalink=reader.loose_text("permalink"),
        doc_id=reader.loose_text("id"),
        language=reader.loose_text("language"),
        translation_key=reader.loose_text("translationKey"),
        series=reader.loose_texts("series"),
        items=reader.loose_texts("items"),
        previous=reader.loose_text("previous"),
        next=reader.loose_text("next"),
        weight=_weight(said.values.get("weight")),
        **values,
    )
    reader.problems.extend(near_misses(said, site))
    if document.title is None and "title" not in {problem.path[0] for problem in reader.problems if problem.path}:
        reader.problems.append(
            warning(ProblemCode.TITLE_MISSING, "The article has no title; add one.", path=("title",))
        )
    own_problems, others = of_their_files(reader.problems, defaulted)
    return document, [*located(label, front_matter, own_problems), *others]


def _provider(reader: FieldReader, original_url: str | None, site: Site) -> ProviderMention | None:
    """The provider that is named or implied; a mistake in its name explains already why there is none."""
    before = len(reader.problems)
    provider = provider_mention(reader)
    if provider is None and len(reader.problems) == before:
        provider = implied_provider(original_url, site)
        if provider is None:
            message = "The article names no provider; add one with a name and a domain."
            reader.problems.append(warning(ProblemCode.PROVIDER_MISSING, message, path=("provider",)))
    return provider


def _links(reading: BodyReading, site: Site) -> tuple[BodyLink, ...]:
    """The links that count."""
    return tuple(link for link in reading.links if not site.link_styles or link.style.value in site.link_styles)


def _title(body: str, path: PurePosixPath, said: Resolved, written: BodyFormat) -> str | None:
    """The title of a document that says none: its heading, else the name of its file."""
    heading = title_of(body, written)
    if heading or speaks_our_words(said):
        return heading
    name = composed(path.stem)
    if name in _INDEX_NAMES and len(path.parts) > 1:
        name = composed(path.parts[-2])
    return file_slug(name)


def _has_inline_tags(written: BodyFormat, said: Resolved, site: Site) -> bool:
    """Whether `#tags` in the body are some: in notes, and in markdown of which no generator makes pages."""
    is_loose = written is BodyFormat.MARKDOWN and site.system is SiteSystem.PLAIN
    return written is BodyFormat.NOTE or (is_loose and not speaks_our_words(said))


def _inline(reading: BodyReading) -> list[TopicList]:
    """The tags in the body, which come after all others."""
    return [TopicList("tags", list(reading.tags), ("body",))] if reading.tags else []


def _body(body: str, problems: list[Problem]) -> str | None:
    if len(body) > BODY_LIMIT:
        message = f"The body has {len(body):,} characters, the limit is {BODY_LIMIT:,}; it is left out."
        problems.append(error(ProblemCode.FIELD_TOO_LONG, message))
        return None
    return body or None


def _related_lines(front_matter: FrontMatter, related: Sequence[Reference | None]) -> Mapping[int, int | None]:
    if all(is_url_key(reference.key) for reference in related if reference):
        return MappingProxyType({})
    lines = {place: front_matter.line(("related", place)) for place, reference in enumerate(related) if reference}
    return MappingProxyType(lines)


def _weight(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
