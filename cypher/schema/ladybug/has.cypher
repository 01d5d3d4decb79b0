// An identifier in a customer, for an interval where it was shared over time.
CREATE REL TABLE HAS(
  FROM Customer TO Identifier,
  confidence DOUBLE,
  basis STRING,
  valid_from TIMESTAMP,
  valid_to TIMESTAMP
);
