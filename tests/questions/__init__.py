"""What is asked, what is refused, and what a copy leaves behind."""
