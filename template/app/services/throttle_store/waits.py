"""Who must wait, by the rows that count attempts."""

from collections.abc import Mapping
from datetime import datetime

from app.models.throttle import Throttle
from app.services.limits import Limit, Limits


def longest_wait(limits: Limits, rows: Mapping[str, Throttle], moment: datetime) -> float:
    """Give the longest wait by any limit that holds; 0 if there is none."""
    own = rows.get(limits[0].key)
    is_known = own is not None and own.is_known and own.expires_at > moment
    holding = [limit for limit in limits if not (is_known and limit.is_shared)]
    waits = [wait(limit, rows[limit.key], moment) for limit in holding if limit.key in rows]
    return max([0, *waits])


def wait(limit: Limit, row: Throttle, moment: datetime) -> float:
    """Give the seconds until the next attempt is looked at; 0 or less means now."""
    beyond = row.failures - limit.free
    if beyond < 0:
        return 0
    delays = limit.delays
    delay = delays[min(beyond, len(delays) - 1)]
    return (row.last_at - moment).total_seconds() + delay
