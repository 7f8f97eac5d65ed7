"""Proves that whatever resources a project has, each keeps what its answer says."""
