"""What is done to text before a model sees it. Knows nothing of models."""
