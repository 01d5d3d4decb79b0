// Which channel came last before each conversion? Conversions that open a journey have none before and do not count.
// returns channel, conversions, value
MATCH (b:Touchpoint)-[:NEXT]->(t:Touchpoint {converted: true})
WITH coalesce(b.channel, '(none)') AS channel, count(t) AS conversions, sum(coalesce(t.value, 0.0)) AS total
RETURN channel, conversions, round(total, 2) AS value
ORDER BY conversions DESC, channel
