// From a touchpoint to the one after it in the same journey, and the seconds between.
CREATE REL TABLE NEXT(
  FROM Touchpoint TO Touchpoint,
  gap_s INT64
);
