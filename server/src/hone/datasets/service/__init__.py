"""The rules of datasets."""
