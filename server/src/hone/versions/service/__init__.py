"""The rules of trained models."""
