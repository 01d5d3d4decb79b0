// Which customer holds an identifier? Several do where it was shared over time.
// param identifier text: kind:value, such as email:jane@x.com
// returns customer, kind, value, status, confidence, valid_from, valid_to
MATCH (c:Customer)-[h:HAS]->(i:Identifier {id: $identifier})
RETURN c.id AS customer, i.kind AS kind, i.value AS value, i.status AS status, h.confidence AS confidence,
       h.valid_from AS valid_from, h.valid_to AS valid_to
ORDER BY customer, coalesce(valid_from, valid_to)
