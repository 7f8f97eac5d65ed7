"""Users to whom rows of resources may refer."""

from sqlalchemy import ColumnElement, Select

from app.accounts.models import User
from app.core.resource.repository import Repository


class EnabledUserRepository(Repository[User]):
    """Reads the users who can log in; for all others, clients see no difference."""

    model = User

    def _select(self, *conditions: ColumnElement[bool]) -> Select[User]:
        return super()._select(User.is_active.is_(True), *conditions)
