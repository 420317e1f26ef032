"""What the engines `linear` and `intent` share: from labelled texts to a classifier with its evidence."""
