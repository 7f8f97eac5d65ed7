"""Types of fields."""
