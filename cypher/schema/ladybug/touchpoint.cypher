// An event in its customer's journey: seq 1 is the first. Times are UTC; ts_ms is milliseconds since 1970.
CREATE NODE TABLE Touchpoint(
  no INT32 PRIMARY KEY,
  seq INT32,
  ts TIMESTAMP,
  ts_ms INT64,
  channel STRING,
  campaign STRING,
  type STRING,
  value DOUBLE,
  converted BOOLEAN
);
