"""A sample with a field of every type but those that all samples have; nothing is required."""
