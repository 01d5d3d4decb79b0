"""From raw values to cleaned identifiers."""
