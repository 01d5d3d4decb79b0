"""Customers who share things: who is related to whom, by what and how strongly, and who makes up a household."""
