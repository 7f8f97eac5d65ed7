"""Settings of rate limits."""

from limits import RateLimitItem, parse_many
from pydantic import field_validator

from app.core.settings.types import SettingsGroup

MAX_AMOUNT, YEAR = 2**31, 366 * 86_400

Limits = tuple[RateLimitItem, ...]


def parse_limits(text: str) -> Limits:
    """Read limits in the notation of the library `limits`, such as `10/second;1000/hour`.

    Raises:
        ValueError: If they cannot be read, allow nothing, or hold for more than a year.
    """
    try:
        limits = sorted(parse_many(text), key=RateLimitItem.get_expiry)
    except ValueError:
        limits = []
    fits = all(1 <= one.amount <= MAX_AMOUNT and one.get_expiry() <= YEAR for one in limits)
    if not limits or not fits:
        raise ValueError("must be limits such as 100/minute or 10/second;1000/hour")
    return tuple(limits)


class RateLimitSettings(SettingsGroup):
    """How often one client may call the API.

    Attributes:
        enabled: Whether anything is limited.
        default: The limits of routes that declare none, such as `10/second;1000/hour`.
        x_headers: Whether answers have the older `X-RateLimit-*` fields too.
    """

    enabled: bool = True
    default: str = "1000/minute"
    x_headers: bool = False

    @field_validator("default")
    @classmethod
    def _refuse_what_is_no_limit(cls, value: str) -> str:
        parse_limits(value)
        return value
