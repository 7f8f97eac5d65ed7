"""What to do when Alembic goes no further, in a sentence."""

from alembic import context

BEHIND = "Target database is not up to date"


def describe_refusal(error: Exception) -> str:
    """Say what to do; what a migration itself refuses says so already."""
    if isinstance(error, RuntimeError):
        return "; ".join(map(str, error.args))
    script = context.script
    heads = " and ".join(sorted(script.get_heads()))
    known = {one.revision for one in script.walk_revisions()}
    if unknown := set(context.get_context().get_current_heads()) - known:
        return (
            f"The database is at revision {min(unknown)}, which this code has not: take"
            f" the code that has it, or with that code `alembic downgrade {heads}`."
        )
    if " and " in heads:
        return f"Revisions {heads} follow the same one: `uv run just merge` joins them."
    if str(error).startswith(BEHIND):
        return "The database is behind the code: `uv run just migrate` first."
    return str(error)
