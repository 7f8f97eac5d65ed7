"""Slugs, which name rows in addresses: each is made of a text of its row."""

import re
import unicodedata
from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from sqlalchemy import Column, UniqueConstraint, select, update
from sqlalchemy.exc import IntegrityError

from app.core.resource.model import title_of
from app.core.resource.repository import EntityT, Repository, change
from app.core.resource.reserved import RESERVED

LONGEST = 70
"""Characters of a slug, without what tells it from others."""
NUMBERED = 20
ATTEMPTS = 5
LETTERS = str.maketrans(
    {"æ": "ae", "ð": "d", "ø": "o", "þ": "th", "đ": "d", "ħ": "h", "ł": "l"}
    | {"œ": "oe", "ŧ": "t", "ı": "i", "'": "", "’": ""}  # noqa: RUF001
)
"""Letters that are not made of others, and signs within a word."""


def slug_of(text: str) -> str:
    """Return a text in small letters, digits and hyphens: `Öl & Essig` is `ol-essig`.

    Of other scripts than the Latin one nothing is left.
    """
    apart = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    slug = "-".join(re.findall("[a-z0-9]+", plain))
    if len(slug) <= LONGEST:
        return slug
    return slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]


def slug_column(model: type[Any]) -> Column[Any]:
    """Return the column that holds slugs; its `info` names the one they are made of."""
    columns = model.__table__.columns
    return next(column for column in columns if "slug_of" in column.info)


class SluggedRepository(Repository[EntityT]):
    """Reads and writes a table whose rows have slugs.

    Where texts have the same one, the first row gets `lamp`, and others `lamp-2` and so
    on; after some, or among many at once, `lamp-5f0a2c1b`.
    """

    def slug_of(self, text: str) -> str:
        """Return the slug of a text; override it for other scripts than the Latin."""
        return slug_of(text)

    async def create(self, values: Mapping[str, Any]) -> EntityT:
        """Insert a row, and give it a slug."""
        name, known = slug_column(self.model).key, {**self._within, **values}
        for _ in range(ATTEMPTS):
            slug = await self._find_free(known)
            try:
                async with self._session.begin_nested():
                    return await super().create({**values, name: slug})
            except IntegrityError:
                # If nobody has taken it meanwhile, something else is refused.
                if slug == await self._find_free(known):
                    raise
        return await super().create({**values, name: self._uncommon(known)})

    async def update(self, entity: EntityT, values: Mapping[str, Any]) -> EntityT:
        """Change columns of a row; if its text has another slug, it gets that."""
        column = slug_column(self.model)
        source = column.info["slug_of"]
        former = getattr(entity, source)
        is_new = self.slug_of(values.get(source, former)) != self.slug_of(former)
        if is_new or "tombstone" in values:
            first = [] if is_new else [getattr(entity, column.key)]
            slug = await self._claim(entity, values, first)
            values = {**values, column.key: slug}
        return await super().update(entity, values)

    async def _claim(
        self, entity: EntityT, values: Mapping[str, Any], first: list[str]
    ) -> str:
        """Give a row a slug that is free from what is known of it, and return that."""
        columns = self.model.__table__.columns.keys()
        known = {name: getattr(entity, name) for name in columns}
        known |= values
        for _ in range(ATTEMPTS):
            slug = await self._find_free(known, *first)
            own = update(self.model).where(self.model.id == entity.id)
            try:
                async with self._session.begin_nested():
                    named = own.values({slug_column(self.model).key: slug})
                    await change(self._session, named)
            except IntegrityError:
                continue
            return slug
        return self._uncommon(known)

    async def _find_free(self, known: Mapping[str, Any], *first: str) -> str:
        """Return the first slug that no other row has where it must be unique."""
        column, table = slug_column(self.model), self.model.__table__
        base = self._base(known)
        numbered = [f"{base}-{number}" for number in range(2, NUMBERED + 1)]
        wanted = [*first, base, *numbered]
        others = [
            one == known.get(one.key, getattr(one.default, "arg", None))
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint)
            and column.key in constraint.columns
            for one in constraint.columns
            if one is not column
        ]
        if "id" in known:
            others.append(table.c.id != known["id"])
        found = select(column).where(column.in_(wanted), *others)
        taken = set((await self._session.scalars(found)).all())
        free = (slug for slug in wanted if slug not in taken)
        return next(free, self._uncommon(known))

    def _base(self, known: Mapping[str, Any]) -> str:
        """Return the slug of the text of a row, or else what people call a row."""
        source = self.model.__table__.c[slug_column(self.model).info["slug_of"]]
        text = known.get(source.key, getattr(source.default, "arg", ""))
        slug, noun = self.slug_of(text), title_of(self.model).replace(" ", "-")
        return f"{noun}-{slug}" if slug in RESERVED else slug or noun

    def _uncommon(self, known: Mapping[str, Any]) -> str:
        return f"{self._base(known)}-{token_hex(4)}"
