// By which shortest chain of links are two identifiers connected? Refused links are not gone along.
// param a text: kind:value
// param b text: kind:value
// returns step, identifier, rule, weight
MATCH p = shortestPath((x:Identifier {id: $a})-[:LINKED*..15]-(y:Identifier {id: $b}))
WHERE all(l IN relationships(p) WHERE l.followed)
UNWIND range(0, length(p)) AS step
RETURN step, nodes(p)[step].id AS identifier,
       CASE WHEN step > 0 THEN relationships(p)[step - 1].rule END AS rule,
       CASE WHEN step > 0 THEN relationships(p)[step - 1].weight END AS weight
ORDER BY step
