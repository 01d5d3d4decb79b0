// Where do customers who buy come from? Their conversions by the channel of their very first touchpoint.
// returns channel, customers, conversions, value
MATCH (c:Customer)-[:MADE]->(t:Touchpoint {converted: true})
WITH c, count(t) AS bought, sum(t.value) AS spent
MATCH (c)-[:MADE]->(f:Touchpoint {seq: 1})
RETURN f.channel AS channel, count(c) AS customers, sum(bought) AS conversions, sum(spent) AS value
ORDER BY conversions DESC, channel
