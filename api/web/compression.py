"""Compressed answers, for clients that take them."""

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import brotli

SMALLEST = 1_024
"""Bytes; compressing less saves nothing that counts."""
_BROTLI_QUALITY = 4
_GZIP_LEVEL = 5
_GZIP_FORMAT = 31
"""As zlib has it: with gzip's header, and the largest window."""


def _brotli(body: bytes) -> bytes:
    compressed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY)
    return compressed


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=_GZIP_LEVEL, mtime=0)


ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType({"br": _brotli, "gzip": _gzip})
"""The better first."""


def compressed(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """A file that is compressed while it is written: the same chunks give the same bytes."""
    if encoding == "br":
        brotlis = brotli.Compressor(mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY)
        add, finish = brotlis.process, brotlis.finish
    else:
        gzips = zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP_FORMAT)
        add, finish = gzips.compress, gzips.flush
    for chunk in chunks:
        if piece := add(chunk):
            yield piece
    yield finish()
