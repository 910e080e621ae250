"""What changed between two snapshots, article by article, told by fingerprints that outlive them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from graph.building.derived import once_per_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checked
from graph.model import Article, EdgeKind, NodeKind

_DIGEST_BYTES = 8
"""A change is overlooked once in 2^64."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a snapshot to tell later what changed: about 27 bytes for an article."""

    version: str
    ids: str
    """The ids of the articles, sorted, with a space between them."""
    digests: bytes
    """Of each article in turn, 8 bytes."""

    def digest_by_id(self) -> Mapping[str, bytes]:
        """A short digest of all that a client can see of each article."""
        starts = range(0, len(self.digests), _DIGEST_BYTES)
        digests = (self.digests[start : start + _DIGEST_BYTES] for start in starts)
        return dict(zip(self.ids.split(), digests, strict=True))


@dataclass(frozen=True, slots=True)
class SnapshotChange:
    """How the articles of a snapshot differ from those of an earlier one; all ids sorted."""

    since: str
    """The version of the earlier snapshot."""
    version: str
    """The version of the later one."""
    added: tuple[str, ...]
    updated: tuple[str, ...]
    """In both, with another value, provider or problem, other topics or authors, or articles that it names or that name it."""
    removed: tuple[str, ...]


@once_per_snapshot
def fingerprint(snapshot: GraphSnapshot) -> Fingerprint:
    """What to keep of the snapshot; holds nothing of it alive.

    Cost: linear in articles and the links between them.
    """
    ids = snapshot.ids[NodeKind.ARTICLE]
    sources = [snapshot.sources[kind] for kind in _AMONG_ARTICLES]
    digests = b"".join(
        [_digest(snapshot, article_id, [lists.get(article_id, ()) for lists in sources]) for article_id in checked(ids)]
    )
    return Fingerprint(snapshot.version, " ".join(ids), digests)


_AMONG_ARTICLES = (EdgeKind.RELATED_TO, EdgeKind.LINKS_TO, EdgeKind.PART_OF, EdgeKind.TRANSLATION_OF)


def _digest(snapshot: GraphSnapshot, article_id: str, named_by: Sequence[Sequence[str]]) -> bytes:
    article = snapshot.nodes[article_id]
    assert isinstance(article, Article)
    around = orjson.dumps((named_by, snapshot.problems_of(article)))
    return hashlib.blake2b(snapshot.digests[article_id] + around, digest_size=_DIGEST_BYTES).digest()


def changes(old: Fingerprint, new: Fingerprint) -> SnapshotChange:
    """What is different in the new snapshot.

    Cost: linear in the articles of both, apart from sorting; next to nothing if the versions are equal.
    """
    if old.version == new.version:
        return SnapshotChange(old.version, new.version, (), (), ())
    before, after = old.digest_by_id(), new.digest_by_id()
    return SnapshotChange(
        since=old.version,
        version=new.version,
        added=tuple(sorted(after.keys() - before.keys())),
        updated=tuple(sorted(found for found in after.keys() & before.keys() if after[found] != before[found])),
        removed=tuple(sorted(before.keys() - after.keys())),
    )
