// The identifiers an event showed.
CREATE REL TABLE SEEN_AS(
  FROM Touchpoint TO Identifier
);
