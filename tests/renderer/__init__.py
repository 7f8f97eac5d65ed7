"""The fast renderer writes what the stock command line writes."""
