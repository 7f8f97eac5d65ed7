"""Request bodies of what goes by mail."""

from typing import Annotated

from pydantic import Field

from app.schemas.base import RequestSchema
from app.schemas.email import EmailAddress
from app.schemas.password import NewPassword, Password
from app.schemas.texts import PlainText


class MailRequest(RequestSchema):
    """An address to which a link is mailed, if it is somebody's."""

    email: EmailAddress = Field(description="The address of an account.")


class MailedToken(RequestSchema):
    """What proves that somebody has got a mail."""

    token: Annotated[str, PlainText(100, required=True)] = Field(
        description="The token in the mail's link; it can be used once."
    )


class PasswordReset(MailedToken):
    """A new password, in place of a forgotten one."""

    new_password: NewPassword


class EmailChange(RequestSchema):
    """A new address, and the password."""

    email: EmailAddress = Field(description="The new address; a link is mailed to it.")
    current_password: Password = Field(description="The password.")
