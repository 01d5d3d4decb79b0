// How many customers are new since a moment, how many had been seen before and came back, how many did not?
// param since time: the moment, such as 2026-01-01
// returns status, customers
MATCH (c:Customer)
WHERE c.first_seen IS NOT NULL
WITH CASE WHEN c.first_seen >= $since THEN 'new' WHEN c.last_seen >= $since THEN 'returning' ELSE 'lapsed' END AS status, c
RETURN status, count(c) AS customers
ORDER BY status
