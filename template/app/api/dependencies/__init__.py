"""What endpoints can ask for in their signatures."""
