"""What to say when there is no database."""

from sqlalchemy.exc import DBAPIError


def explain_unreachable(error: Exception) -> str:
    """Say in a sentence what to look at."""
    hint = "is it running, and is DATABASE_URL right?"
    return f"The database cannot be reached: {hint} ({reason_of(error)})"


def reason_of(error: Exception) -> str:
    """Tell what has happened, in the words of the driver."""
    cause: BaseException = error
    if isinstance(error, DBAPIError) and error.orig is not None:
        cause = error.orig.__cause__ or error.orig
    return str(cause) or type(cause).__name__
