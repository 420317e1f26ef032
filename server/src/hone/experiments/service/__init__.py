"""The rules of experiments."""
