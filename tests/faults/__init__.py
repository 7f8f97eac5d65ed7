"""A running project meets a database that fails, and recovers without a restart."""
