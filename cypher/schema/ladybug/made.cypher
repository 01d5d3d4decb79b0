// A customer's touchpoints.
CREATE REL TABLE MADE(
  FROM Customer TO Touchpoint
);
