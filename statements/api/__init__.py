"""Quotes and who said them as JSON, for programs: read-only, version 1."""
