"""Changes that may race or be repeated: ETag, If-Match, Idempotency-Key."""
