"""Lists of nodes: filters, orders, pages, and aggregates over whole lists.

A `ListSource` says where a list's entries come from; `filters` selects among them and `ordering` sorts them. The ways
in are `pages.PageReader`, `aggregates`, `timeline` and `trends`; pages of nodes and counts come out.
"""
