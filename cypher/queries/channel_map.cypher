// How do journeys go from channel to channel?
// param minimum whole = 1: at least so many times
// returns channel, next_channel, times, conversions, median_gap_s
MATCH (a:Channel)-[f:FOLLOWED_BY]->(b:Channel)
WHERE f.count >= $minimum
RETURN a.name AS channel, b.name AS next_channel, f.count AS times, f.conversions AS conversions,
       f.median_gap_s AS median_gap_s
ORDER BY times DESC, channel, next_channel
