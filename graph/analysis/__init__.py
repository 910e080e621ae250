"""Analysis: what follows from a snapshot as a whole: hubs, metrics, stories, and how near nodes are to each other.

Each module has one function of a snapshot, computed when it is first asked for and kept with the snapshot.
"""
