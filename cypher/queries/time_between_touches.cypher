// How long do customers stay away: the time from a touchpoint to the next, and how often the next one converts?
// returns at_most, touchpoints, conversions
MATCH (a:Touchpoint)-[n:NEXT]->(b:Touchpoint)
WHERE n.gap_s IS NOT NULL
WITH CASE WHEN n.gap_s <= 60 THEN 1 WHEN n.gap_s <= 3600 THEN 2 WHEN n.gap_s <= 86400 THEN 3
          WHEN n.gap_s <= 604800 THEN 4 WHEN n.gap_s <= 2592000 THEN 5 ELSE 6 END AS step,
     count(b) AS touchpoints, sum(CASE WHEN b.converted THEN 1 ELSE 0 END) AS conversions
RETURN CASE step WHEN 1 THEN '1 minute' WHEN 2 THEN '1 hour' WHEN 3 THEN '1 day' WHEN 4 THEN '7 days'
                 WHEN 5 THEN '30 days' ELSE 'longer' END AS at_most, touchpoints, conversions
ORDER BY step
