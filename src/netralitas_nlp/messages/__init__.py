"""Words that users read, as data: one TOML file per room."""
