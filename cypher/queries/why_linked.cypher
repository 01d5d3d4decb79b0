// What links two identifiers, directly or through one other?
// param a text: kind:value
// param b text: kind:value
// returns via, first_rule, first_weight, second_rule, second_weight, followed
MATCH (x:Identifier {id: $a})-[l:LINKED]-(y:Identifier {id: $b})
RETURN '' AS via, l.rule AS first_rule, l.weight AS first_weight, '' AS second_rule, 1.0 AS second_weight,
       l.followed AS followed
UNION
MATCH (x:Identifier {id: $a})-[l:LINKED]-(m:Identifier)-[k:LINKED]-(y:Identifier {id: $b})
WHERE m.id <> $a AND m.id <> $b
RETURN m.id AS via, l.rule AS first_rule, l.weight AS first_weight, k.rule AS second_rule, k.weight AS second_weight,
       l.followed AND k.followed AS followed
