"""Lists: filters, orders, pages, and what is counted over whole lists.

A `ListSource` says where the entries of a list come from, `filters` and `ordering` which of them are wanted and how they
stand. The ways in are `pages.PageReader`, `aggregates`, `timeline` and `trends`; pages of nodes and counts come out.
"""
