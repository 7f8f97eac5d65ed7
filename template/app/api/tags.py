"""The groups of operations in the documentation."""

TAGS = [
    {"name": "items", "description": "Things with a name and a price."},
    {"name": "health", "description": "Probes for whoever runs the API."},
]
