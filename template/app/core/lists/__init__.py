"""Lists: pages, cursors, filters, sorting."""
