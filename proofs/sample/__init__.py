"""A resource that exists in tests only: what every resource does is proven on it."""
