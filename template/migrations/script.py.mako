<%!
def sentence(message):
    words = " ".join(message.split()).rstrip(".")
    return (words[:1].upper() + words[1:]).replace("\\", "/").replace('"', "'")


def without_banner(commands):
    lines = (commands or "pass").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("# ### ")).strip()
%>\
"""${message | n,sentence}.

Revision: ${up_revision}
Follows: ${down_revision or "nothing" | comma,n}
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Change the schema."""
    ${without_banner(upgrades)}


def downgrade() -> None:
    """Undo it."""
    ${without_banner(downgrades)}
