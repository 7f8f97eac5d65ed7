"""Tests of what every layer uses."""
