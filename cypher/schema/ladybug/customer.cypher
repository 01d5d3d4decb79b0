// A customer: the golden record. `no` is storage; `id` is the name for keeps; `household` is null for most. A STRING per trait follows.
CREATE NODE TABLE Customer(
  no INT32 PRIMARY KEY,
  id STRING,
  first_seen TIMESTAMP,
  last_seen TIMESTAMP,
  identifiers INT32,
  rows INT64,
  household STRING
);
