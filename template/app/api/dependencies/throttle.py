"""The throttling of credentials."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import State

from app.api.dependencies.request import SettingsDep
from app.config import Settings
from app.services.throttle import ThrottleService
from app.services.throttle_store import store_of


def make_throttle(state: State, settings: Settings) -> ThrottleService:
    """Make the throttling, by the state of a running application."""
    store = store_of(state, settings.throttle)
    return ThrottleService(store, settings.throttle, settings.secret_key)


async def get_throttle(request: Request, settings: SettingsDep) -> ThrottleService:
    """Provide the throttling."""
    return make_throttle(request.app.state, settings)


ThrottleDep = Annotated[ThrottleService, Depends(get_throttle)]
