// A profile record as a source gave it. A STRING per trait follows.
CREATE NODE TABLE Record(
  row INT64 PRIMARY KEY,
  source STRING,
  key STRING,
  seen TIMESTAMP
);
