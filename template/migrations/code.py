"""Python that a written migration holds beside Alembic's own operations."""

from collections.abc import Callable, Mapping
from keyword import iskeyword

from alembic.autogenerate import render_op_text, renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops

# The linter takes out of a migration what it does not use.
IMPORTS = (
    "from datetime import UTC, date, datetime, time, timedelta",
    "from decimal import Decimal",
    "from uuid import UUID",
)


class Code(ops.MigrateOperation):
    """Lines of a migration, for its owner to change; `apart` from those around them."""

    def __init__(
        self, write: Callable[[AutogenContext], str], *, apart: bool = True
    ) -> None:
        self.write = write
        self.apart = apart

    def to_diff_tuple(self) -> tuple[str]:
        """Describe what kind of difference it is."""
        return ("code",)


@renderers.dispatch_for(Code)
def render_code(autogenerate: AutogenContext, code: Code) -> str:
    """Write the lines."""
    autogenerate.imports.update(IMPORTS)
    text = code.write(autogenerate)
    return f"\n{text}\n" if code.apart else text


def variable(table_name: str) -> str:
    """Return the name under which a migration's lines know a table."""
    name = "".join(letter if letter.isalnum() else "_" for letter in table_name)
    return f"{name}_" if iskeyword(name) or name in ("op", "sa") else name


def column_of(table: str, name: str) -> str:
    """Return a column of a table, whatever it is called, as Python."""
    return f"{table}.c.{name}" if is_name(name) else f"{table}.c[{name!r}]"


def pairs(values: Mapping[str, str]) -> str:
    """Return the arguments of `values()`, by names of columns, as Python."""
    if all(map(is_name, values)):
        return ", ".join(f"{name}={value}" for name, value in values.items())
    return f"{{{', '.join(f'{name!r}: {value}' for name, value in values.items())}}}"


def is_name(text: str) -> bool:
    """Return whether Python takes a text as a name."""
    return text.isidentifier() and not iskeyword(text)


def named(create: ops.CreateTableOp) -> Code:
    """Create a table and keep it, so that rows can be added."""
    name = variable(create.table_name)
    return Code(
        lambda autogenerate: f"{name} = {render_op_text(autogenerate, create)}",
        apart=False,
    )
