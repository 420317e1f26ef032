"""What learns: it runs as a program of its own, so that the server's processes stay light."""
