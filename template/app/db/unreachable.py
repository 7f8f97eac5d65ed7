"""What to say when there is no database."""

from sqlalchemy.exc import DBAPIError


def explain_unreachable(error: Exception) -> str:
    """Say in a sentence what to look at; the driver's own words tell what has happened."""
    cause: BaseException = error
    if isinstance(error, DBAPIError) and error.orig is not None:
        cause = error.orig.__cause__ or error.orig
    reason = str(cause) or type(cause).__name__
    return f"The database cannot be reached: is it running, and is DATABASE_URL right? ({reason})"
