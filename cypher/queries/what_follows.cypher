// What follows a channel: where do journeys go from it, and how often is the next step a conversion?
// param channel text: a channel; (none) for touchpoints without one
// returns next_channel, times, conversions, median_gap_s
MATCH (a:Channel {name: $channel})-[f:FOLLOWED_BY]->(b:Channel)
RETURN b.name AS next_channel, f.count AS times, f.conversions AS conversions, f.median_gap_s AS median_gap_s
ORDER BY times DESC, next_channel
