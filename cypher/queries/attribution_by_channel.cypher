// Which channels earn the conversions, by first, last and every touch? Each event is a touch, also the one that
// converts; a conversion sees all touches in the look-back. The same as `scvgraph attribute --touches events --shared`
// gives where no rules of channels are used, to six decimals. None of it is causal.
// param lookback_days whole = 90: touches up to so many days before a conversion count
// returns channel, first, last, linear, first_value, last_value, linear_value
MATCH (c:Customer)-[:MADE]->(t:Touchpoint {converted: true})
MATCH (c)-[:MADE]->(p:Touchpoint)
WHERE p.seq <= t.seq AND p.ts_ms >= t.ts_ms - $lookback_days * 86400000
WITH c, t, min(p.seq) AS opening, count(p) AS touches
MATCH (c)-[:MADE]->(p:Touchpoint)
WHERE p.seq >= opening AND p.seq <= t.seq
WITH coalesce(p.channel, CASE WHEN p.campaign IS NULL THEN 'Direct' ELSE '(other)' END) AS channel, p.seq = opening AS is_first, p.seq = t.seq AS is_last,
     1.0 / touches AS share, coalesce(t.value, 0.0) AS worth
RETURN channel, sum(CASE WHEN is_first THEN 1 ELSE 0 END) AS first, sum(CASE WHEN is_last THEN 1 ELSE 0 END) AS last,
       round(sum(share), 6) AS linear, round(sum(CASE WHEN is_first THEN worth ELSE 0.0 END), 6) AS first_value,
       round(sum(CASE WHEN is_last THEN worth ELSE 0.0 END), 6) AS last_value,
       round(sum(share * worth), 6) AS linear_value
ORDER BY linear DESC, channel
