"""Mail to users: what it says, and when it is sent."""
