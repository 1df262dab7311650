"""A made-up corpus of any size, skewed as news are: for benchmarks and nothing else."""
