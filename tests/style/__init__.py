"""The template's own style: each rule of its design is a test."""
