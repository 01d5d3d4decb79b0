// The identifiers a profile record shows.
CREATE REL TABLE SHOWS(
  FROM Record TO Identifier
);
