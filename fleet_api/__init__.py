"""Fleet API: the GraphQL API of an electric-vehicle fleet operator."""

import gc

# What modules make while they load stays: to look for garbage in it again and again took a tenth of the start.
gc.set_threshold(100_000)
