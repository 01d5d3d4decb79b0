// Who is related to a customer, by what, and how strongly? The strongest first.
// param customer id: a customer id
// returns other, why, strength, things, household
MATCH (c:Customer {id: $customer})-[r:RELATED]-(o:Customer)
RETURN o.id AS other, r.why AS why, r.strength AS strength, r.things AS things,
       CASE WHEN o.household = c.household THEN o.household ELSE '' END AS household
ORDER BY strength DESC, other
