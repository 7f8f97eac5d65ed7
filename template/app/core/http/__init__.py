"""The edge: what every request passes through."""
