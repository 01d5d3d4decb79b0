"""Which touches earned the conversions: models over journeys, and how far to believe them. None is causal."""
