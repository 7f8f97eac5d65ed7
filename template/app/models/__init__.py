"""Tables. Importing this package registers every one of them with the metadata."""

from app.models.item import Item

__all__ = ["Item"]
