"""Management commands, a module per subject."""
