// Which followed links are the weakest bridges, and in which customers?
// param top whole = 50: at most so many links
// returns customer, a, b, weight, rule, sightings
MATCH (x:Identifier)-[l:LINKED]->(y:Identifier)
WHERE l.followed = true
WITH x, y, l ORDER BY l.weight, x.id, y.id LIMIT $top
OPTIONAL MATCH (x)<-[:HAS]-(c:Customer)
RETURN c.id AS customer, x.id AS a, y.id AS b, l.weight AS weight, l.rule AS rule, l.count AS sightings
ORDER BY weight, a, b, customer
