"""Training. The torch stack lives here."""
