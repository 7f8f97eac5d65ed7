"""Settings, a module per group."""
