"""What bodies say: their links, tags, headings and words, and the same bodies as HTML that is safe to show.

In: the text below the front matter, as a file has it. `links` is asked once for each file, when it is read; `pages` and `words` whenever
somebody wants to see a body.
"""
