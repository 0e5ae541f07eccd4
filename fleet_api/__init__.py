"""Fleet API: the GraphQL API of an electric-vehicle fleet operator."""
