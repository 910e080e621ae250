"""Building: what files say goes in, one value per article and the snapshot of a graph come out.

The ways in are `live_folders.load_snapshot`, once, and `live_folders.LiveFolders`, which loads again whenever it is asked to. On
the way `merge` makes one article of all that is said of it, with the help of `related`, `conflicts` and `catalogues`, and
`snapshot` puts the nodes and edges in their order. The way out is `snapshot.GraphSnapshot`; `derived` keeps with it what
follows from it, and `changes` tells two of them apart.
"""
