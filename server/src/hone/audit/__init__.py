"""Who changed what: search, export and verify the events of an organization."""
