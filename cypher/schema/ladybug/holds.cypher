// A customer's profile records.
CREATE REL TABLE HOLDS(
  FROM Customer TO Record
);
