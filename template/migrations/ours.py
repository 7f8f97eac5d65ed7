"""What in the database is not ours: an extension's table, an index made by hand."""

import ast
from functools import cache
from pathlib import Path

from alembic import context


@cache
def words(paths: tuple[str, ...]) -> frozenset[str]:
    """Return all strings in migrations, and so all names that they have given."""
    trees = (ast.parse(Path(path).read_text(encoding="utf-8")) for path in paths)
    return frozenset(
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def is_ours(
    _item: object, name: str | None, _kind: str, reflected: bool, model: object
) -> bool:
    """Whether a migration made what no model has: only then may one drop it."""
    if not reflected or model is not None:
        return True
    return name in words(tuple(one.path for one in context.script.walk_revisions()))
