"""`FrameCounter`: of how many frames the messages of a WebSocket are made."""

_OWN_FRAMES = 8
"""Opcodes from here on are of frames that belong to no message."""


class FrameCounter:
    """Follows the frames (RFC 6455, section 5.2) that a client sends, past what is in them.

    uvicorn bounds the bytes of a message, but keeps each of its frames by itself until the last one has come: a message of a
    mebibyte could come in a million frames that take forty, or in any number of empty ones.
    """

    __slots__ = ("_skip", "_start", "frames")

    def __init__(self) -> None:
        self.frames = 0
        """Of the message that is not complete, so far."""
        self._start = b""
        """The beginning of a frame, as long as it does not say how long it is."""
        self._skip = 0
        """Bytes that are left of the frame before."""

    def take(self, data: bytes) -> int:
        """The most frames that a message has had, up to the end of the data."""
        most = 0
        data, at = self._start + data, self._skip
        while (head := _head_length(data, at)) and len(data) >= at + head:
            opcode = data[at] & 0x0F
            if opcode < _OWN_FRAMES:
                self.frames += 1
                most = max(most, self.frames)
                if data[at] & 0x80:  # the message's last
                    self.frames = 0
            at += head + _payload_length(data, at)
        self._start, self._skip = data[at:], max(0, at - len(data))
        return most


def _head_length(data: bytes, at: int) -> int:
    """Of the frame that begins there; 0 if too little of it is there to say."""
    if len(data) < at + 2:
        return 0
    extended = {126: 2, 127: 8}.get(data[at + 1] & 0x7F, 0)
    return 2 + extended + (4 if data[at + 1] & 0x80 else 0)


def _payload_length(data: bytes, at: int) -> int:
    length = data[at + 1] & 0x7F
    if length < 126:
        return length
    return int.from_bytes(data[at + 2 : at + (4 if length == 126 else 10)])
