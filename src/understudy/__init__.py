"""Understudy: an open AI-actor engine. Importing it loads no graphics, no speech and no network."""

__version__ = "0.1.0"
