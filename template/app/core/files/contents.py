"""What a content is, and what a file may be called."""

import mimetypes
import re
import unicodedata
from email.message import Message
from urllib.parse import quote

HEAD = 16
"""Bytes that tell what a content is."""
LONGEST_NAME = 200
ZIP = rb"PK(\x03\x04|\x05\x06)"
OFFICE = "application/vnd.openxmlformats-officedocument."
SIGNATURES = {
    "application/gzip": rb"\x1f\x8b",
    "application/pdf": rb"%PDF-",
    "application/zip": ZIP,
    "audio/flac": rb"fLaC",
    "audio/mpeg": rb"ID3|\xff[\xe2-\xff]",
    "audio/ogg": rb"OggS",
    "image/avif": rb"....ftypavi[fs]",
    "image/bmp": rb"BM",
    "image/gif": rb"GIF8[79]a",
    "image/jpeg": rb"\xff\xd8\xff",
    "image/png": rb"\x89PNG\r\n\x1a\n",
    "image/tiff": rb"II\*\0|MM\0\*",
    "image/webp": rb"RIFF....WEBP",
    "video/mp4": rb"....ftyp",
    "video/webm": rb"\x1aE\xdf\xa3",
    f"{OFFICE}presentationml.presentation": ZIP,
    f"{OFFICE}spreadsheetml.sheet": ZIP,
    f"{OFFICE}wordprocessingml.document": ZIP,
}
"""How contents begin, by their media types, where that is well known."""


def is_like(content_type: str, head: bytes) -> bool:
    """Whether a content can be what it is said to be, as far as its first bytes say."""
    pattern = SIGNATURES.get(content_type, b"")
    return re.match(pattern, head, re.DOTALL) is not None


def name_in(disposition: str, field: str, content_type: str) -> str:
    """Return the name in a `Content-Disposition`, without what may do harm.

    No folders, no control characters, none that turn the direction of text around. What
    has no name is called like its field.
    """
    message = Message()
    message["Content-Disposition"] = disposition
    given = re.split(r"[/\\]", message.get_filename() or "")[-1]
    plain = "".join(one for one in given if unicodedata.category(one)[0] != "C")
    stem, dot, ending = " ".join(plain.split()).strip(". ").rpartition(".")
    name = f"{stem[: LONGEST_NAME - 1 - len(ending)]}{dot}{ending}"[:LONGEST_NAME]
    return name or f"{field}{mimetypes.guess_extension(content_type) or ''}"


def disposition_of(name: str) -> str:
    """Return what lets browsers keep a file, and never show it (RFC 6266, RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\%]', "_", plain)
    encoded = quote(name, safe="!#$&+-.^_`|~")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
