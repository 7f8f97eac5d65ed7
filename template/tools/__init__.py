"""What some verbs of the justfile run."""
