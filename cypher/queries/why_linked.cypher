// What links two identifiers, directly or through one other? The surest first; `via` is empty for a direct link.
// param a text: kind:value
// param b text: kind:value
// returns via, first_rule, first_weight, second_rule, second_weight, followed
MATCH (x:Identifier {id: $a})-[l:LINKED]-(m:Identifier)
OPTIONAL MATCH (m)-[k:LINKED]-(y:Identifier {id: $b})
WITH m.id AS middle, l, k, y.id AS reached
WHERE middle = $b OR (reached = $b AND middle <> $a)
RETURN CASE WHEN middle = $b THEN '' ELSE middle END AS via, l.rule AS first_rule, l.weight AS first_weight,
       CASE WHEN middle = $b THEN '' ELSE k.rule END AS second_rule,
       CASE WHEN middle = $b THEN 1.0 ELSE k.weight END AS second_weight,
       CASE WHEN middle = $b THEN l.followed ELSE l.followed AND k.followed END AS followed
ORDER BY first_weight * second_weight DESC, via
