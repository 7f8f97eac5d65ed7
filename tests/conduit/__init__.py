"""The example of docs/conduit.md: a public specification on generated resources."""
