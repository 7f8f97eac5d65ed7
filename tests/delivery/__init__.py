"""Delivery: images, Compose files and workflows, as far as they can be proven without Docker."""
