"""From rows to identifiers and weighted links."""
