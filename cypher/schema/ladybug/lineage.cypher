// What became of a customer id: merged (into other), split (from other), moved (an identifier, to other), retired, revived. For look-ups of old ids.
CREATE NODE TABLE Lineage(
  no INT32 PRIMARY KEY,
  id STRING,
  change STRING,
  identifier STRING,
  other STRING,
  generation INT32,
  why STRING
);
