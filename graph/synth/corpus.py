"""The content of a synthetic corpus: stories of articles, as skewed as a real corpus of news about one subject.

Measured on a real corpus of 4,958 articles: one topic is on all of them, the next on a twentieth; one provider has 43 %
of them, the next 2.5 %; a sixth has no related articles, the largest story has 5 % of all, and most stories are small.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from graph.synth.words import ACTIONS, ACTORS, MAKERS, OUTLETS, PLACES, QUALITIES, REASONS, THINGS, TOPICS

FIRST_DAY = datetime(2023, 1, 1, 6, tzinfo=UTC)
SPAN = timedelta(days=730)
MAIN_TOPIC = "News"
_LARGEST_PROVIDER = 0.43
_SINGLES = 0.64
"""Share of the stories that have one article, so that a sixth of the articles has no related ones."""
_STORY_LIMIT = 240
_STORY_EXPONENT = 1.25
"""Of the Pareto distribution of story sizes."""
_TOPIC_COUNTS = ((0, 1, 2, 3), (71, 23, 4, 2))
"""How many topics an article has besides the main one, and the percentage of articles with that many."""


@dataclass(frozen=True, slots=True)
class Provider:
    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class Article:
    number: int
    title: str
    excerpt: str
    body: str
    published: datetime
    provider: Provider
    topics: tuple[str, ...]
    quality: int
    heat: int


@dataclass(frozen=True, slots=True)
class Corpus:
    """Providers and topics, and the seed of the articles, which are generated one story after the other."""

    providers: tuple[Provider, ...]
    topics: tuple[str, ...]
    """The children of the main topic, the most frequent first."""
    articles: int
    seed: int

    def stories(self) -> Iterator[tuple[Article, ...]]:
        """The articles, grouped by story; the same for equal corpora."""
        random = Random(self.seed)  # noqa: S311  # nothing here is secret
        providers = _weights(len(self.providers), _LARGEST_PROVIDER)
        topics = tuple(accumulate(1 / (place + 2) for place in range(len(self.topics))))
        number = 0
        while number < self.articles:
            size = min(_story_size(random), self.articles - number)
            about = _Subject.choose(random, random.choices(self.topics, cum_weights=topics, k=3))
            begun = FIRST_DAY + SPAN * random.random()
            outlets = random.choices(self.providers, cum_weights=providers, k=size)
            yield tuple(_article(random, number + place, about, begun, outlet) for place, outlet in enumerate(outlets))
            number += size


def plan_corpus(articles: int, seed: int) -> Corpus:
    """A corpus of this many articles; the numbers of providers and topics grow with it, but more slowly."""
    return Corpus(_providers(max(4, round(articles**0.7))), _topics(20 + articles // 10_000), articles, seed)


def _providers(count: int) -> tuple[Provider, ...]:
    found: list[Provider] = []
    for number in range(count):
        place, rest = PLACES[number % len(PLACES)], number // len(PLACES)
        maker, outlet = MAKERS[(number + rest) % len(MAKERS)], OUTLETS[rest % len(OUTLETS)]
        edition = number // (len(PLACES) * len(OUTLETS))
        name = f"{place} {maker} {outlet}" + (f" {edition + 1}" if edition else "")
        found.append(Provider(name, f"{name.lower().replace(' ', '')}.example"))
    return tuple(found)


def _topics(count: int) -> tuple[str, ...]:
    names = (*TOPICS, *(f"{topic} in {place}" for place in PLACES for topic in TOPICS))
    return names[:count]


def _weights(count: int, largest: float) -> tuple[float, ...]:
    """Cumulative weights: the first has the share `largest`, the others divide the rest by a (shifted) Zipf's law."""
    others = [1 / (place + 8) for place in range(count - 1)]
    return tuple(accumulate((largest, *((1 - largest) * other / sum(others) for other in others))))


def _story_size(random: Random) -> int:
    """One, or two and more by a power law."""
    if random.random() < _SINGLES:
        return 1
    return min(_STORY_LIMIT, int(2 * random.paretovariate(_STORY_EXPONENT)))


@dataclass(frozen=True, slots=True)
class _Subject:
    """What the articles of a story have in common."""

    place: str
    actor: str
    quality: str
    thing: str
    topics: tuple[str, ...]

    @classmethod
    def choose(cls, random: Random, topics: list[str]) -> "_Subject":
        choice = random.choice
        return cls(choice(PLACES), choice(ACTORS), choice(QUALITIES), choice(THINGS), tuple(dict.fromkeys(topics)))


def _article(random: Random, number: int, about: _Subject, begun: datetime, provider: Provider) -> Article:
    choice = random.choice
    action, reason = choice(ACTIONS), choice(REASONS)
    [extra] = random.choices(*_TOPIC_COUNTS)
    return Article(
        number,
        title=f"{about.place} {about.actor} {action} {about.quality} {about.thing} {reason}",
        excerpt=f"The {about.actor} of {about.place} {choice(ACTIONS)} the {about.thing} {choice(REASONS)}, {provider.name} reports.",
        body=f"The {about.quality} {about.thing} kept {about.place} busy {reason}. "
        f"The {choice(ACTORS)} {choice(ACTIONS)} the {choice(QUALITIES)} {choice(THINGS)} {choice(REASONS)}.",
        published=begun + timedelta(seconds=int(random.expovariate(1 / 90_000))),
        provider=provider,
        topics=(MAIN_TOPIC, *about.topics[:extra]),
        quality=int(100 * random.betavariate(1.6, 1.4)),
        heat=-1 if random.random() < 0.73 else int(random.expovariate(1 / 120)),
    )
