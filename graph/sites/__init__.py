"""What a folder is: which system made the site, where its documents have their addresses, what it does not publish, what is no content.

In: the folder's configuration and layout. Out: a `Site` (`site`), which reading, building and the reports ask.
"""
