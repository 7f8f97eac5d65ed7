"""What creates rows of each resource for tests."""
