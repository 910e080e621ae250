"""Compressed answers, for clients that take them."""

import gzip
from collections.abc import Callable, Mapping
from types import MappingProxyType

import brotli

SMALLEST = 1_024
"""Bytes; compressing less saves nothing that counts."""


def _brotli(body: bytes) -> bytes:
    compressed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=4)
    return compressed


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=5, mtime=0)


ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType({"br": _brotli, "gzip": _gzip})
"""The better first."""
