"""Rules over two fields of a row, in its table and where it is changed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, or_

from app.core.errors import InvalidError
from app.core.fields.rules import Comparison, Rule, broken
from app.core.resource.model import Resource
from app.core.resource.service import ResourceService, ResourceT
from app.db.base import Base


def add_checks(model: type[Base], rules: Iterable[Rule]) -> None:
    """Let the database refuse rows that break rules, whoever writes them."""
    table = Base.metadata.tables[model.__tablename__]
    for rule in rules:
        # Naming both columns, it belongs to their table.
        CheckConstraint(condition(rule, table.columns), name=rule.name)


def condition(rule: Rule, columns: Any) -> Any:
    """Return what a row that keeps a rule meets; null, which is unknown, does."""
    one, other = columns[rule.field], columns[rule.other]
    if isinstance(rule, Comparison):
        return rule.compare(one, other)
    if isinstance(rule.value, bool):
        return or_(one.is_not(None), other.is_not(rule.value))
    return or_(one.is_not(None), other != rule.value)


class RuledService(ResourceService[ResourceT]):
    """The service of a resource whose rows keep rules over two fields.

    Attributes:
        rules: What a row keeps, whichever of its fields are changed.
    """

    rules: ClassVar[Sequence[Rule]]

    async def check_change(self, row: ResourceT, values: Mapping[str, Any]) -> None:
        """Make sure that a row keeps the rules with what is changed of it.

        Raises:
            InvalidError: If it would break one.
        """
        await super().check_change(row, values)
        if fields := broken(self.rules, _merged(self.rules, row, values)):
            detail = "Some fields are not valid; `field_errors` names them."
            raise InvalidError(detail, fields=fields)


def _merged(
    rules: Iterable[Rule], row: Resource, values: Mapping[str, Any]
) -> dict[str, Any]:
    names = {name for rule in rules for name in rule.fields}
    return {name: getattr(row, name) for name in names} | dict(values)
