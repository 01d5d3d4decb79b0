// Which paths lead to a conversion: the channels of it and of the two touchpoints before? '(start)' opens a journey.
// param top whole = 20: at most so many paths
// returns two_before, one_before, channel, conversions, value
MATCH (t:Touchpoint {converted: true})
OPTIONAL MATCH (b:Touchpoint)-[:NEXT]->(t)
OPTIONAL MATCH (a:Touchpoint)-[:NEXT]->(b)
WITH CASE WHEN a.seq IS NULL THEN '(start)' ELSE coalesce(a.channel, '(none)') END AS two_before,
     CASE WHEN b.seq IS NULL THEN '(start)' ELSE coalesce(b.channel, '(none)') END AS one_before,
     coalesce(t.channel, '(none)') AS channel, count(t) AS conversions, sum(coalesce(t.value, 0.0)) AS total
RETURN two_before, one_before, channel, conversions, round(total, 2) AS value
ORDER BY conversions DESC, two_before, one_before, channel LIMIT $top
