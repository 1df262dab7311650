"""Trained weights for what rules cannot tell: which words report speech, and which are reported."""
