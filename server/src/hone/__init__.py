"""Hone: the platform on which AI models, and the people who run them, keep getting better."""

__version__ = "0.1.0"
