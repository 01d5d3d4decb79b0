// Which identifiers does a customer hold, and how sure is each?
// param customer id: a customer id
// returns kind, value, status, confidence, basis, sightings, last_seen
MATCH (c:Customer {id: $customer})-[h:HAS]->(i:Identifier)
RETURN i.kind AS kind, i.value AS value, i.status AS status, h.confidence AS confidence, h.basis AS basis,
       i.count AS sightings, i.last_seen AS last_seen
ORDER BY kind, value
