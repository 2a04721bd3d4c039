"""Run folders: resumable, constant in memory, nothing lost."""
