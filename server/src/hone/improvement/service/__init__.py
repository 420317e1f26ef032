"""The rules of improvement."""
