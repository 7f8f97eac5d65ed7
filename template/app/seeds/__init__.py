"""Sample data for development, a module for each resource."""
