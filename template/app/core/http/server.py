"""The server's side of a connection."""

from app.core.http.timeouts import MAX_HEAD_BYTES, TimeoutProtocol

FIELD_OVERHEAD = len(b": \r\n")


class ServerProtocol(TimeoutProtocol):
    """Speaks HTTP; refuses endless headers, and what is no HTTP, with a problem document."""

    head_bytes = 0
    unparsed_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Parse what has come; a header that never ends would fill the memory."""
        request = self.scope
        super().data_received(data)
        in_head = self.scope is request is not None and "method" not in request
        self.unparsed_bytes = self.unparsed_bytes + len(data) if in_head else 0
        if self.unparsed_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("Endless header.")

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.head_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        self.count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self.count(len(name) + len(value) + FIELD_OVERHEAD)
        super().on_header(name, value)

    def count(self, size: int) -> None:
        """Count bytes of the head; an error makes the parser give up.

        Raises:
            OverflowError: If the head is too large.
        """
        self.head_bytes += size
        if self.head_bytes > MAX_HEAD_BYTES:
            raise OverflowError

    def send_400_response(self, msg: str) -> None:
        """Answer, unless an answer has begun, and close the connection."""
        too_large = max(self.head_bytes, self.unparsed_bytes) > MAX_HEAD_BYTES
        self.refuse(431 if too_large else 400, msg)

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: the request is answered as if it had not asked for another protocol."""
