"""What an update changes in a project, and what it leaves alone."""
