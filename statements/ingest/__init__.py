"""From files and pasted text to stored articles with their quotes."""
