"""Building: documents go in, one value per article and the snapshot of a graph come out.

The way in is `live_folders.LiveFolders`, which keeps a graph up with its folder.
"""
