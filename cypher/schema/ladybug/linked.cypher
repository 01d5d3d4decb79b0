// Evidence between two identifiers. A link that was not followed says why in `reason` and, in words, `refused_by`.
CREATE REL TABLE LINKED(
  FROM Identifier TO Identifier,
  weight DOUBLE,
  rule STRING,
  count INT64,
  first_seen TIMESTAMP,
  last_seen TIMESTAMP,
  followed BOOLEAN,
  reason STRING,
  refused_by STRING
);
