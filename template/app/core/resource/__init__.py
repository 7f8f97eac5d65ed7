"""What all resources have in common."""
