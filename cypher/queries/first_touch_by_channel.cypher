// Where do customers who buy come from? Their conversions by the channel of their very first touchpoint.
// returns channel, customers, conversions, value
MATCH (c:Customer)-[:MADE]->(t:Touchpoint {converted: true})
WITH c, count(t) AS bought, sum(coalesce(t.value, 0.0)) AS spent
MATCH (c)-[:MADE]->(f:Touchpoint {seq: 1})
WITH coalesce(f.channel, '(none)') AS channel, count(c) AS customers, sum(bought) AS conversions, sum(spent) AS total
RETURN channel, customers, conversions, round(total, 2) AS value
ORDER BY conversions DESC, channel
