"""What writers write into."""

import io


class Sink(io.RawIOBase):
    """A file that is only written, from front to back; `taken` gives what has come since it was last asked."""

    def __init__(self):
        self._parts: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self._size += len(data)
        return len(data)

    def tell(self) -> int:
        return self._size

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)
