"""From files to ledger rows."""
