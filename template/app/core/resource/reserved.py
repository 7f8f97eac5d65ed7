"""Words of paths, which name no row."""

RESERVED = {"batch", "bulk", "count", "counts", "export", "import", "new", "search"}
"""What may stand in a path where an address does, and so is none."""
