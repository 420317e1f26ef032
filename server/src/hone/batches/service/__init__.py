"""The rules of files and of batches."""
