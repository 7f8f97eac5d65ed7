"""Bodies of requests and responses of accounts."""
