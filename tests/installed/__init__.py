"""Some projects are installed for real, and used as their owner would."""
