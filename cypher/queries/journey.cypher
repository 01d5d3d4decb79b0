// What did a customer do, in order?
// param customer id: a customer id
// returns seq, ts, channel, type, campaign, value, converted
MATCH (c:Customer {id: $customer})-[:MADE]->(t:Touchpoint)
RETURN t.seq AS seq, t.ts AS ts, t.channel AS channel, t.type AS type, t.campaign AS campaign, t.value AS value,
       t.converted AS converted
ORDER BY seq
