// Which channels helped: in how many conversions did each appear before the last step of the journey to it?
// returns channel, conversions, value
MATCH (l:Touchpoint)-[:NEXT]->(t:Touchpoint {converted: true})
MATCH (c:Customer)-[:MADE]->(t)
MATCH (c)-[:MADE]->(b:Touchpoint)
WHERE b.seq < l.seq
WITH DISTINCT coalesce(b.channel, '(none)') AS channel, t
WITH channel, count(t) AS conversions, sum(coalesce(t.value, 0.0)) AS total
RETURN channel, conversions, round(total, 2) AS value
ORDER BY conversions DESC, channel
