"""Rules over two fields of a row, as bodies and services ask for them."""

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

BodyT = TypeVar("BodyT", bound=BaseModel)


@dataclass(frozen=True)
class Comparison:
    """A field is more or less than another one, unless one of them is null.

    Attributes:
        field: The one that is to blame.
    """

    operators: ClassVar = {
        ">": (operator.gt, "gt", "more than"),
        ">=": (operator.ge, "ge", "at least"),
        "<": (operator.lt, "lt", "less than"),
        "<=": (operator.le, "le", "at most"),
    }

    field: str
    operator: str
    other: str

    @property
    def name(self) -> str:
        """Return what follows the table in the name of the constraint."""
        return f"{self.field}_{self.operators[self.operator][1]}_{self.other}"

    @property
    def fields(self) -> tuple[str, str]:
        """Return the names of both fields."""
        return self.field, self.other

    @property
    def message(self) -> str:
        """Return what clients are told."""
        return f"must be {self.operators[self.operator][2]} {self.other}"

    def is_kept(self, values: Mapping[str, Any]) -> bool:
        """Whether a row may have these values."""
        one, other = values[self.field], values[self.other]
        return one is None or other is None or bool(self.compare(one, other))

    def compare(self, one: Any, other: Any) -> Any:
        """Return what its operator makes of two values, or of two columns."""
        return self.operators[self.operator][0](one, other)


@dataclass(frozen=True)
class Requirement:
    """A field has a value if another one has a certain value."""

    field: str
    other: str
    value: Enum | bool

    @property
    def name(self) -> str:
        """Return what follows the table in the name of the constraint."""
        value = self.value.name if isinstance(self.value, Enum) else str(self.value)
        return f"{self.field}_if_{self.other}_{value.lower()}"

    @property
    def fields(self) -> tuple[str, str]:
        """Return the names of both fields."""
        return self.field, self.other

    @property
    def message(self) -> str:
        """Return what clients are told."""
        name = str(self.value).lower()
        value = self.value.value if isinstance(self.value, Enum) else name
        return f"is required if {self.other} is {value}"

    def is_kept(self, values: Mapping[str, Any]) -> bool:
        """Whether a row may have these values."""
        return values[self.field] is not None or values[self.other] != self.value


Rule = Comparison | Requirement


def broken(rules: Iterable[Rule], values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return messages about the rules that values break, by the field to blame."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        if not rule.is_kept(values):
            found.setdefault(rule.field, []).append(rule.message)
    return found


def keep(rules: Iterable[Rule], body: BodyT) -> BodyT:
    """Return a body that keeps rules.

    Raises:
        ValidationError: If it breaks one; the errors name the fields to blame.
    """
    errors = [
        InitErrorDetails(
            type=PydanticCustomError("rule", message),
            loc=(field,),
            input=getattr(body, field),
        )
        for field, messages in broken(rules, body.__dict__).items()
        for message in messages
    ]
    if errors:
        raise ValidationError.from_exception_data(type(body).__name__, errors)
    return body
