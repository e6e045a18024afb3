"""Measurements: how long building and checking take, and how that grows. Run with `make bench`."""
