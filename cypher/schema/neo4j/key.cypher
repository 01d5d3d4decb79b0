// What the publisher finds its own nodes by; data of others has no such label.
CREATE CONSTRAINT scvgraph_key IF NOT EXISTS FOR (n:_Scv) REQUIRE n._key IS UNIQUE
