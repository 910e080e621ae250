"""Lists: filters, orders, pages, and what is counted over whole lists.

The ways in are `pages.pages`, `aggregates`, `timeline` and `trends`; a `ListSource` names the list.
"""
