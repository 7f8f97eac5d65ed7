"""What the request itself tells, and the settings for handling it."""

from typing import Annotated

from fastapi import Depends, Request

from app.config import Settings
from app.core.security.origin import Origin, describe_origin


async def get_origin(request: Request) -> Origin:
    """Tell where the request comes from."""
    address = request.client.host if request.client else ""
    return describe_origin(address, request.headers.get("User-Agent", ""))


async def get_settings(request: Request) -> Settings:
    """Give the application's settings."""
    settings: Settings = request.app.state.settings
    return settings


OriginDep = Annotated[Origin, Depends(get_origin)]
SettingsDep = Annotated[Settings, Depends(get_settings)]
