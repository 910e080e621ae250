"""An article and what surrounds it, as markdown for a reader with little room: a language model.

The way in is `pack.context_pack`: an article with its neighbors, as they were read, and a number of tokens that the markdown may
have. The way out is the markdown, with what was left out of it. `budget` counts, and `markdown` writes texts of others such that they
cannot be taken for anything but texts.
"""
