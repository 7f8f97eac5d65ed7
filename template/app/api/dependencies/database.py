"""The request's database session."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import dialect

# The only way to a session: naming `get_session` elsewhere would open a second one. The scope
# ends before the answer is sent, so that a failed commit is an error and not a lie.
SessionDep = Annotated[AsyncSession, Depends(dialect.get_session, scope="function")]
