// Two customers who share something; each pair stands once. why: kinds of things, commas between.
CREATE REL TABLE RELATED(
  FROM Customer TO Customer,
  why STRING,
  strength DOUBLE,
  things INT32
);
