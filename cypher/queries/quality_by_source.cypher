// How good are the identifiers that each source of profile records shows?
// returns source, kind, identifiers, shared, placeholders, records
MATCH (r:Record)-[:SHOWS]->(i:Identifier)
WITH r.source AS source, i, count(r.source) AS records
RETURN source, i.kind AS kind, count(i.value) AS identifiers,
       sum(CASE WHEN i.status = 'shared' THEN 1 ELSE 0 END) AS shared,
       sum(CASE WHEN i.status = 'placeholder' THEN 1 ELSE 0 END) AS placeholders, sum(records) AS records
ORDER BY source, kind
