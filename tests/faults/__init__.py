"""A running project meets servers that fail and clients that ask too much or never end."""
