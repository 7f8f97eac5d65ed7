"""The column type of fields with few values."""

from enum import StrEnum

from sqlalchemy import Dialect, String, TypeDecorator


class Choice(TypeDecorator[StrEnum]):
    """A value of an enumeration, stored as its text; new values need no migration.

    Args:
        choices: The enumeration; its values have at most `LENGTH` characters.
    """

    LENGTH = 50
    impl = String
    cache_ok = True

    def __init__(self, choices: type[StrEnum]) -> None:
        super().__init__(self.LENGTH)
        self.choices = choices

    def process_bind_param(self, value: str | None, _driver: Dialect) -> str | None:
        """Store the text.

        Raises:
            ValueError: If it is none of the values.
        """
        return None if value is None else self.choices(value).value

    def process_result_value(
        self, value: str | None, _driver: Dialect
    ) -> StrEnum | None:
        """Read the text; what is none of the values (any more) is read as it is."""
        if value is None:
            return None
        try:
            return self.choices(value)
        except ValueError:
            if not isinstance(value, str):
                raise
            odd = str.__new__(self.choices, value)
            odd._name_ = odd._value_ = value
            return odd
