// How many identifiers have how many links?
// returns links, identifiers
MATCH (i:Identifier)
OPTIONAL MATCH (i)-[l:LINKED]-(:Identifier)
WITH i, count(l) AS links
RETURN links, count(i) AS identifiers
ORDER BY links
