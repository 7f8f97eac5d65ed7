"""The verb `resource`: it changes the list of resources, and the code with it."""
