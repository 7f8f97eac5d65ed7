"""Files that belong to rows: what they are, where they are kept, how they move."""
