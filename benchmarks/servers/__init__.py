"""The servers that ours is measured against. Each listens on 127.0.0.1 at `BENCH_PORT`."""
