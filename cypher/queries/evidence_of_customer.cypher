// What evidence holds a customer together: the links among its identifiers, the surest first?
// param customer text: a customer id
// returns a, b, weight, rule, rows, first_seen, last_seen, followed
MATCH (c:Customer {id: $customer})-[:HAS]->(x:Identifier)
MATCH (x)-[l:LINKED]->(y:Identifier)
MATCH (y)<-[:HAS]-(d:Customer {id: $customer})
RETURN DISTINCT x.id AS a, y.id AS b, l.weight AS weight, l.rule AS rule, l.count AS rows,
       l.first_seen AS first_seen, l.last_seen AS last_seen, l.followed AS followed
ORDER BY weight DESC, a, b
