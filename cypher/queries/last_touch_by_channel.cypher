// Which channel came last before each conversion? Conversions that open a journey have none before and do not count.
// returns channel, conversions, value
MATCH (b:Touchpoint)-[:NEXT]->(t:Touchpoint {converted: true})
RETURN b.channel AS channel, count(t) AS conversions, sum(t.value) AS value
ORDER BY conversions DESC, channel
