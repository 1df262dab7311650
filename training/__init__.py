"""Programs that fit the weights the product ships. Nothing here is needed to run it."""
