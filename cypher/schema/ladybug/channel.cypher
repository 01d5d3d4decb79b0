// A channel, over all journeys: touchpoints, those that converted, and their value.
CREATE NODE TABLE Channel(
  name STRING PRIMARY KEY,
  touches INT64,
  conversions INT64,
  value DOUBLE
);
