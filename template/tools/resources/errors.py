"""What stops the verb."""


class RefusalError(Exception):
    """Says in a sentence why nothing is done, or what is left to do."""
