"""Endpoints, a module per resource."""
