// A distinct identifier; `id` is kind:value.
CREATE NODE TABLE Identifier(
  no INT32 PRIMARY KEY,
  id STRING,
  kind STRING,
  value STRING,
  status STRING,
  why STRING,
  count INT64,
  first_seen TIMESTAMP,
  last_seen TIMESTAMP
);
