// Which links were not followed, and why? The strongest first.
// param reason text = : unique, limit, cannot_link, shared ...; empty for all
// param top whole = 50: at most so many rows
// returns a, b, weight, rule, reason, refused_by
MATCH (x:Identifier)-[l:LINKED]->(y:Identifier)
WHERE l.followed = false AND ($reason = '' OR l.reason = $reason)
RETURN x.id AS a, y.id AS b, l.weight AS weight, l.rule AS rule, l.reason AS reason, l.refused_by AS refused_by
ORDER BY weight DESC, a, b LIMIT $top
