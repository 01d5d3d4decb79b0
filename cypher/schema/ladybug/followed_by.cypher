// The map of journeys: how often a touchpoint of one channel is followed by one of another, how many of those
// that follow are conversions, and the middle of the seconds between.
CREATE REL TABLE FOLLOWED_BY(
  FROM Channel TO Channel,
  count INT64,
  conversions INT64,
  median_gap_s DOUBLE
);
