"""Bundles, tokenisation and backends. Knows nothing of files, accounts or reviews."""
