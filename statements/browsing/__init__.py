"""Finding and counting quotes by facets and words, at a cost that does not grow with the corpus.

`keys` says how values of facets are written down, `conditions` what is asked for, `counting` how
many quotes fit, `pages` which are listed, `cards` what a list shows of each.
"""
