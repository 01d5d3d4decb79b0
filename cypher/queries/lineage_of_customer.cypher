// What became of a customer id: merged, split, retired, revived, identifiers moved?
// param customer text: a customer id, also an old one
// returns generation, id, change, other, identifier, why
MATCH (l:Lineage)
WHERE l.id = $customer OR l.other = $customer
RETURN l.generation AS generation, l.id AS id, l.change AS change, l.other AS other, l.identifier AS identifier,
       l.why AS why
ORDER BY generation, id, change, coalesce(l.other, ''), coalesce(l.identifier, '')
