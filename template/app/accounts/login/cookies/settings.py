"""Settings of logging in by a cookie."""

from typing import Literal

from app.core.project import ProjectSettings
from app.core.settings import Seconds, SettingsGroup


class CookieSettings(SettingsGroup):
    """How browsers keep a session, and how often its use is noted.

    Attributes:
        same_site: Which requests that begin at other sites carry the cookie: none of
            them, or those that open a page of this host.
        use_interval: Seconds from one note in the database that a session is in use to
            the next.
    """

    same_site: Literal["strict", "lax"] = "strict"
    use_interval: Seconds = 60


class LoginSettings(ProjectSettings):
    """The group of cookies."""

    cookies: CookieSettings = CookieSettings()
