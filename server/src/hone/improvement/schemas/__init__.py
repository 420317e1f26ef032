"""What the API of improvement takes and gives."""
