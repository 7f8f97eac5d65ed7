"""Static checks, over every combination."""
