"""Gives rows slugs where a new column demands them."""

from collections.abc import Iterator
from functools import partial
from string import Template

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops

from app.core.resource.model import title_of
from app.core.resource.reserved import RESERVED
from app.core.resource.slugs import LETTERS, LONGEST
from app.db.base import Base
from migrations import rows
from migrations.code import Code, variable
from migrations.rows import Created, Required

BATCH = 10_000
MADE = "a slug"
"""The value of a column that is made of another one."""
LINES = Template("""\
# Rows get slugs, which are made of their $source: change here how.
letters = $letters
reserved = $reserved.split()


def slug_of(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold().translate(letters))
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    slug = "-".join(re.findall("[a-z0-9]+", plain))[:$longest].strip("-") or "$noun"
    return f"$noun-{slug}" if slug in reserved else slug


$table = sa.table("$name", *map(sa.column, $columns))
own = $table.c.id == sa.bindparam("of_id")
naming = $table.update().where(own).values($slug=sa.bindparam("named"))
without = sa.select($table).where($table.c.$slug.is_(None)).limit($batch)
while rows := op.get_bind().execute(without).all():
    named = [{"of_id": one.id, "named": slug_of(one.$source)} for one in rows]
    op.get_bind().execute(naming, named)
same = [$same]
number = sa.func.row_number().over(partition_by=same, order_by=$table.c.id)
numbered = sa.select($table.c.id, $table.c.$slug, number.label("number")).subquery()
repeated = sa.select(numbered).where(numbered.c.number > 1)
last = repeated.order_by(numbered.c.number.desc()).limit($batch)
while rows := op.get_bind().execute(last).all():
    named = [{"of_id": one.id, "named": f"{one.$slug}-{one.number}"} for one in rows]
    op.get_bind().execute(naming, named)""")


def find_required(
    change: ops.ModifyTableOps, created: Created, models: sa.MetaData
) -> list[Required]:
    """Find the columns that rows could lack; those of slugs can be null so far."""
    slugs = list(take_out(change, models))
    found = rows.find_required(change, created, models)
    return [*found, *(Required(one, is_new=False, value=MADE) for one in slugs)]


def take_out(
    change: ops.ModifyTableOps, models: sa.MetaData
) -> Iterator[sa.Column[str]]:
    """Take out that columns of slugs must have a value, and return them."""
    for one in list(change.ops):
        if isinstance(one, ops.AddColumnOp) and "slug_of" in one.column.info:
            yield one.column
            one.column = rows.nullable(one.column)
        elif isinstance(one, ops.AlterColumnOp) and one.modify_nullable is False:
            column = rows.changed_column(one, models)
            if "slug_of" in column.info:
                yield column
                change.ops.remove(one)


def fill(
    change: ops.ModifyTableOps, required: list[Required]
) -> Iterator[ops.MigrateOperation]:
    """Add new columns, and give rows what they lack, at last slugs."""
    yield from rows.fill(change, [one for one in required if one.value != MADE])
    for column in (one.column for one in required if one.value == MADE):
        added = [one for one in change.ops if rows.adds(one, [column.name])]
        if added:
            yield ops.ModifyTableOps(change.table_name, added, schema=change.schema)
        yield Code(partial(lines, column))
        change.ops = [one for one in change.ops if one not in added]
        change.ops.insert(0, rows.require(change.table_name, column))


def lines(column: sa.Column[str], autogenerate: AutogenContext) -> str:
    """Write what gives rows their slugs; it stays when the app's own goes."""
    table = variable(column.table.name)
    mappers = Base.registry.mappers
    model = next(one.class_ for one in mappers if one.local_table is column.table)
    scope = [
        one.name
        for unique in column.table.constraints
        if isinstance(unique, sa.UniqueConstraint) and column.name in unique.columns
        for one in unique.columns
    ]
    source = column.info["slug_of"]
    autogenerate.imports.update(("import re", "import unicodedata"))
    return LINES.substitute(
        batch=BATCH,
        columns=["id", source, *scope],
        letters=LETTERS,
        longest=LONGEST,
        name=column.table.name,
        noun=title_of(model).replace(" ", "-"),
        reserved=repr(" ".join(sorted(RESERVED))),
        same=", ".join(f"{table}.c.{name}" for name in scope),
        slug=column.name,
        source=source,
        table=table,
    )
