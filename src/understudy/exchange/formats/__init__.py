"""Formats a take leaves for and comes from: one module each, found by the ending of a file's name."""
