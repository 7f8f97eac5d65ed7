"""What a change of the resources will do to the project, before it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tools.resources.errors import RefusalError
from tools.resources.names import Names
from tools.resources.project import edited
from tools.resources.rendering import Rendering

MODELS = "app/models/"


@dataclass(frozen=True)
class Plan:
    """The project as the template wrote it, and would write it for the new list.

    Attributes:
        names: What has another name, if that is all that changes.
    """

    former: Rendering
    future: Rendering
    names: Names

    @cached_property
    def moved(self) -> dict[str, str]:
        """Where files go that are called by what has another name."""
        former, future = self.former.files.keys(), self.future.files.keys()
        pairs = {path: self.names.moved(path) for path in sorted(former - future)}
        return {old: new for old, new in pairs.items() if new in future - former}

    @property
    def gone(self) -> list[str]:
        """Files that will be deleted."""
        unwanted = self.former.files.keys() - self.future.files.keys() - {*self.moved}
        return sorted(path for path in unwanted if Path(path).exists())

    @property
    def new(self) -> list[str]:
        """Files that come."""
        wanted = self.future.files.keys() - self.former.files.keys()
        return sorted(wanted - {*self.moved.values()})

    @property
    def changed(self) -> list[str]:
        """Files that change where they are."""
        return [path for path in self._changed() if Path(path).exists()]

    @property
    def absent(self) -> list[str]:
        """Files that change, but that the owner has moved or deleted."""
        return [path for path in self._changed() if not Path(path).exists()]

    @property
    def changes_tables(self) -> bool:
        """Whether a model is another one afterwards, or a value is none any more."""
        return bool(self.lost()) or any(
            self.former.files.get(path) != self.future.files.get(path)
            for path in self.former.files.keys() | self.future.files.keys()
            if path.startswith(MODELS)
        )

    def lost(self) -> list[str]:
        """Name the tables and columns that the next migration drops."""
        return [] if self.names else [*self._tables(), *self._columns()]

    def require_room(self) -> None:
        """Stop if a new file would be where the owner has one.

        Raises:
            RefusalError: If there is one.
        """
        new = sorted((*self.new, *self.moved.values()))
        if taken := [path for path in new if Path(path).exists()]:
            raise RefusalError(
                f"Move your own {' and '.join(taken)} first: the name is needed."
            )

    def require_same_ids(self) -> None:
        """Stop if rows that exist would be named in another way.

        Raises:
            RefusalError: If a resource had ids of another kind.
        """
        for name, former in self.former.entities.items():
            kind = former["id"]["kind"]
            if self.future.entities.get(name, former)["id"]["kind"] != kind:
                raise RefusalError(
                    f"Rows of {name} keep their ids: write `id: {kind}` as before, or"
                    " add a resource of another name."
                )

    def require_same_lists(self) -> None:
        """Stop if what rows have would be no list, or one of other values.

        To a database they are all the same: JSON.

        Raises:
            RefusalError: If a field becomes a list, or of another type than it has.
        """
        for name, former in self.former.entities.items():
            future = self.future.entities.get(name, former)["fields"]
            kept = {one["stored"]: (one["type"], one["of"]) for one in future}
            for one in former["fields"]:
                kind = one["type"], one["of"]
                other = kept.get(one["stored"], kind)
                if kind != other and "list" in (*kind, *other):
                    raise RefusalError(
                        f"Rows of {name} keep what they have as {one['name']}: what is"
                        " a list stays one of the same type, and nothing else becomes"
                        " one. Drop the field first, or add one of another name."
                    )

    def warning(self) -> str:
        """Describe what will be deleted, if anything; mark what the owner edited."""
        text = ""
        if self.gone:
            mine = edited(self.gone, self.former.files)
            marked = [
                f"  {path}{'   (edited by you)' if path in mine else ''}"
                for path in self.gone
            ]
            text = "\n".join(["This deletes files:", *marked, ""])
        if lost := self.lost():
            text += f"The migration drops, with all that is in it: {', '.join(lost)}\n"
        return text

    def title(self, message: str) -> str:
        """Put the titles of resources into a message, in place of names in braces."""
        entities = {**self.former.entities, **self.future.entities}
        return message.format_map(
            {name: one["titles"] for name, one in entities.items()}
        )

    def _changed(self) -> list[str]:
        former, future = self.former.files, self.future.files
        return [
            path
            for path in former
            if path in self.moved or (path in future and former[path] != future[path])
        ]

    def _tables(self) -> Iterator[str]:
        kept = set(tables(self.future))
        for name in tables(self.former):
            if name not in kept:
                yield f"table {name}"

    def _columns(self) -> Iterator[str]:
        for name, former in self.former.entities.items():
            future = self.future.entities.get(name)
            if future is None or future["table"] != former["table"]:
                continue
            kept = {field["stored"]: field for field in future["fields"]}
            for field in former["fields"]:
                column = f"{former['table']}.{field['stored']}"
                if field["stored"] not in kept:
                    yield f"column {column}"
                    continue
                values = kept[field["stored"]].get("values", [])
                for one in field.get("values", []):
                    if values and one not in values:
                        yield f"value {one['value']} of column {column}"
            if former["soft_delete"] and not future["soft_delete"]:
                yield f"the marks of deleted {former['plural']}, which come back"


def tables(rendering: Rendering) -> Iterator[str]:
    """Return the tables of resources, and those of their links."""
    for one in rendering.entities.values():
        yield one["table"]
        yield from (field["table"] for field in one["links"])
