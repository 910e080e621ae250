"""Measures loading a folder against reading its files with python-frontmatter and PyYAML.

Times are processor seconds of this process. The peer reads every tenth file, since it takes minutes for a large corpus.
"""

import resource
import sys
import time
from pathlib import Path

import frontmatter

from graph.files import find_sources
from graph.loader import load_folders
from graph.merge import merge
from graph.snapshot import build_snapshot

SAMPLE = 10


def main(folder: Path) -> None:
    sources, _ = find_sources([folder])
    size = sum(source.path.stat().st_size for source in sources) / 1e6
    start = time.process_time()
    loaded = load_folders([folder])
    read = time.process_time()
    snapshot = build_snapshot(merge(loaded, include_unpublished=True))
    built = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    nodes, edges = len(snapshot.nodes), sum(snapshot.edge_counts.values())

    sample = [source for source in sources if source.suffix in (".md", ".markdown")][::SAMPLE]
    peer_size = sum(source.path.stat().st_size for source in sample) / 1e6
    peer_start = time.process_time()
    for source in sample:
        try:
            frontmatter.load(source.path)
        except Exception as error:  # what the peer cannot read costs it no more time
            print(f"python-frontmatter cannot read {source.label}: {type(error).__name__}", file=sys.stderr)
    peer = time.process_time() - peer_start

    ours, theirs = size / (built - start), peer_size / peer
    print(f"{len(sources):,} files, {size:,.1f} MB: {nodes:,} nodes, {edges:,} edges")
    print(
        f"frontgraph           {built - start:7.2f} s  {ours:7.1f} MB/s  (reading {read - start:.2f} s, graph {built - read:.2f} s)"
    )
    print(
        f"python-frontmatter   {size / theirs:7.2f} s  {theirs:7.1f} MB/s  (from {len(sample):,} files; front matter alone)"
    )
    print(f"ratio {ours / theirs:.1f}, peak memory {peak:,.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
