"""How good stories are: `python -m bench.stories FOLDER [--unpublished]`.

Coherence is how alike an article is to the centre of the others of its story in words (cosine by TF-IDF, titles and excerpts), averaged over articles.
It is told beside that of as many random articles of the same month that share a topic with the story. For stability, articles arrive in the order
of time; what counts is which of those that were together stay together, and which ids still are the id of a story.
"""

import argparse
import random
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from math import log, sqrt
from pathlib import Path
from statistics import mean, median
from time import process_time

from graph.analysis.stories import Stories, stories
from graph.building.live_folders import load_snapshot
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.model import Article, EdgeKind, NodeKind, Provider, Topic

ARRIVALS = 60
"""Steps in which the later half of the articles arrives, the last ten of one article each."""
ONE_BY_ONE = 30
DAY = timedelta(days=1)
MONTH = timedelta(days=30)

Group = Sequence[str]
Vector = Mapping[str, float]


def main(folder: Path, include_unpublished: bool, sample: int, seed: int) -> None:
    snapshot = load_snapshot([folder], include_unpublished)
    began = process_time()
    found = stories(snapshot)
    seconds = process_time() - began
    groups = [story.articles for story in found.by_id.values()]
    wording = Wording(snapshot)
    print(f"| stories | {len(groups):,} |")
    print(f"| articles in a story | {len(found.by_article) / len(snapshot.ids[NodeKind.ARTICLE]):.0%} |")
    largest = sorted(map(len, groups), reverse=True)
    print(f"| articles of the largest; median | {largest[0]}; {median(largest):.0f} |")
    for line in (*spans(snapshot, groups), *coherences(snapshot, groups, wording, random.Random(seed))):
        print(line)
    for line in stabilities(snapshot):
        print(line)
    print(f"| processor time | {seconds:.2f} s |")
    for number in sorted(random.Random(seed).sample(range(len(groups)), min(sample, len(groups)))):
        show(snapshot, groups[number], found)


def published(snapshot: GraphSnapshot, article_id: str) -> datetime | None:
    article = snapshot.nodes[article_id]
    return article.published_date_time if isinstance(article, Article) else None


def dates_of(snapshot: GraphSnapshot, group: Group) -> list[datetime]:
    return sorted(date for article in group if (date := published(snapshot, article)))


def spans(snapshot: GraphSnapshot, groups: Iterable[Group]) -> Iterable[str]:
    """What the times of the stories are like."""
    ordered = sorted(groups, key=lambda group: -len(group))
    dates = [found for group in ordered if (found := dates_of(snapshot, group))]
    days = [(found[-1] - found[0]) / DAY for found in dates]
    gaps = [max(((later - earlier) / DAY for earlier, later in pairwise(found)), default=0.0) for found in dates]
    yield f"| span: median; 90th percentile; longest | {median(days):.1f}; {sorted(days)[len(days) * 9 // 10]:.0f}; {max(days):.0f} days |"
    yield f"| median span of the 100 largest | {median(days[:100]):.1f} days |"
    yield f"| under 30 days | {mean(span < 30 for span in days):.1%} |"
    yield f"| longest silence within: median; longest | {median(gaps):.1f}; {max(gaps):.0f} days |"


class Wording:
    """The articles as vectors of length 1."""

    def __init__(self, snapshot: GraphSnapshot) -> None:
        texts = {
            node.id: f"{node.title or ''} {node.excerpt or ''}".casefold()
            for node in snapshot.nodes.values()
            if isinstance(node, Article)
        }
        words = {
            name: Counter("".join(c if c.isalnum() else " " for c in text).split()) for name, text in texts.items()
        }
        frequency = Counter(word for found in words.values() for word in found)
        self.vectors: dict[str, Vector] = {}
        for name, found in words.items():
            weights = {word: (1 + log(times)) * log(len(words) / frequency[word]) for word, times in found.items()}
            length = sqrt(sum(weight**2 for weight in weights.values())) or 1
            self.vectors[name] = {word: weight / length for word, weight in weights.items()}

    def alike(self, group: Group) -> list[float]:
        """How alike each is to the centre of the others."""
        total: defaultdict[str, float] = defaultdict(float)
        for name in group:
            for word, weight in self.vectors[name].items():
                total[word] += weight
        square = sum(weight**2 for weight in total.values())
        found = []
        for name in group:
            within = sum(weight * total[word] for word, weight in self.vectors[name].items())
            own = sum(weight**2 for weight in self.vectors[name].values())
            found.append((within - own) / sqrt(max(square - 2 * within + own, 1e-9)))
        return found


def coherences(
    snapshot: GraphSnapshot, groups: Iterable[Group], wording: Wording, generator: random.Random
) -> Iterable[str]:
    told = [alike for group in groups for alike in wording.alike(group)]
    drawn = [alike for group in groups for alike in wording.alike(drawn_beside(snapshot, group, generator))]
    yield f"| coherence; of random articles of the same month and topic | {mean(told):.3f}; {mean(drawn):.3f} |"


def drawn_beside(snapshot: GraphSnapshot, group: Group, generator: random.Random) -> Group:
    """As many articles, each of the same month as one of the story and with its rarest topic."""
    about = snapshot.sources[EdgeKind.ABOUT]
    dated = _dated(snapshot)
    found = []
    for article in group:
        topics = sorted(snapshot.targets[EdgeKind.ABOUT].get(article, ()), key=lambda topic: len(about[topic]))
        date = published(snapshot, article)
        near = among(dated, date) if date else list(snapshot.ids[NodeKind.ARTICLE])
        alike = [other for other in near if not topics or topics[0] in snapshot.targets[EdgeKind.ABOUT].get(other, ())]
        found.append(generator.choice(alike or near))
    return found


def _dated(snapshot: GraphSnapshot) -> list[tuple[datetime, str]]:
    if "bench.dated" not in _kept:
        _kept["bench.dated"] = sorted(
            (date, article) for article in snapshot.ids[NodeKind.ARTICLE] if (date := published(snapshot, article))
        )
    return _kept["bench.dated"]


_kept: dict[str, list[tuple[datetime, str]]] = {}


def among(dated: Sequence[tuple[datetime, str]], date: datetime) -> list[str]:
    first = bisect_left(dated, (date - MONTH / 2, ""))
    return [article for _, article in dated[first : bisect_right(dated, (date + MONTH / 2, "~"))]]


def stabilities(snapshot: GraphSnapshot) -> Iterable[str]:
    order = [article for _, article in _dated(snapshot)]
    half = len(order) // 2
    steps = [half + (len(order) - ONE_BY_ONE - half) * step // ARRIVALS for step in range(ARRIVALS)]
    for name, counts in (
        (f"{ARRIVALS} arrivals of about {(len(order) - half) // ARRIVALS}", [*steps, len(order) - ONE_BY_ONE]),
        (f"{ONE_BY_ONE} arrivals of one", range(len(order) - ONE_BY_ONE, len(order) + 1)),
    ):
        together, ids = [], []
        before: Stories | None = None
        for count in counts:
            after = stories(first_articles(snapshot, order[:count]))
            if before is not None:
                together.append(kept_together(before, after))
                ids.append(sum(story in after.by_id for story in before.by_id) / len(before.by_id))
            before = after
        yield f"| pairs that stay together; ids that stay, {name} | {mean(together):.2%}; {mean(ids):.2%} |"


def first_articles(snapshot: GraphSnapshot, articles: Iterable[str]) -> GraphSnapshot:
    """The snapshot without the other articles."""
    chosen = set(articles)
    nodes = [node for node in snapshot.nodes.values() if not isinstance(node, Article) or node.id in chosen]
    kept = {node.id for node in nodes}
    targets = {
        kind: {
            source: tuple(target for target in found if target in kept)
            for source, found in lists.items()
            if source in kept
        }
        for kind, lists in snapshot.targets.items()
    }
    return build_snapshot(
        MergeResult(
            [node for node in nodes if isinstance(node, Article)],
            [node for node in nodes if isinstance(node, Provider)],
            [node for node in nodes if isinstance(node, Topic)],
            {kind: {source: found for source, found in lists.items() if found} for kind, lists in targets.items()},
        )
    )


def kept_together(before: Stories, after: Stories) -> float:
    pairs = kept = 0
    for story in before.by_id.values():
        for one, other in combinations(story.articles, 2):
            pairs += 1
            kept += one in after.by_article and after.by_article[one] == after.by_article.get(other)
    return kept / pairs


def show(snapshot: GraphSnapshot, group: Group, found: Stories) -> None:
    story = found.by_id[found.by_article[group[0]]]
    print(f"\n{story.headline} ({story.article_count} articles, {story.provider_count} providers)")
    for article in group:
        node = snapshot.nodes[article]
        if isinstance(node, Article):
            print(f"  {str(node.published_date_time)[:10]} {node.title}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--unpublished", action="store_true")
    parser.add_argument("--show", type=int, default=0, help="how many stories to draw and print")
    parser.add_argument("--seed", type=int, default=17)
    given = parser.parse_args()
    main(given.folder, given.unpublished, given.show, given.seed)
