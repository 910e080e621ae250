"""The page that a browser gets in the place of an error."""

from html import escape

_PAGE = """\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Not found – Frontgraph</title>
    <link rel="icon" type="image/svg+xml" href="{prefix}/static/icon.svg">
    <link rel="stylesheet" href="{prefix}/static/query.css">
  </head>
  <body class="landing">
    <header>
      <h1>Not found</h1>
      <p>{message}</p>
    </header>
    <main>
      <p><a href="{prefix}/">Start page</a></p>
    </main>
  </body>
</html>
"""


def not_found_page(message: str, prefix: str) -> str:
    """In HTML; `prefix` is the path below which the service is seen."""
    return _PAGE.format(message=escape(message), prefix=escape(prefix))
