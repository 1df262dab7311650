"""Attitudes toward somebody named in a text: a small trained model, its words, its encoder."""
