"""The rules of the registry, one module for each noun."""
