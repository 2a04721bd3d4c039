"""The review desk: what waits for a human, what humans decided, and the proof of both."""
