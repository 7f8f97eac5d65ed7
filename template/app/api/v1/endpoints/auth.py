"""The endpoint for registering."""

from fastapi import APIRouter, Request, Response, status

from app.api.dependencies.accounts import AuthServiceDep
from app.core.openapi import CREATED
from app.core.security.responses import account_responses
from app.models.user import User
from app.schemas.account import UserCreate
from app.schemas.user import UserRead

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post(
    "/register",
    response_model=UserRead,
    status_code=status.HTTP_201_CREATED,
    responses=CREATED | account_responses(409, 413, 429),
)
async def register(
    data: UserCreate, auth: AuthServiceDep, request: Request, response: Response
) -> User:
    """Create an account; a link that verifies its address is mailed, and you can log in next."""
    user = await auth.register(data)
    response.headers["Location"] = request.url_for("get_profile").path
    return user
