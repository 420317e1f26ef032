"""What the API of monitoring takes and gives."""
