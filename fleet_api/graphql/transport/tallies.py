"""What transports count that concerns no operation. Whoever collects it takes it away."""

from collections import Counter

told: Counter[str] = Counter()
"""Results that were sent, over sockets (`ws`) and streams (`sse`)."""

closed: Counter[str] = Counter()
"""Sockets that we closed, by code."""

turned_away: Counter[str] = Counter()
"""Operations that came to no desk, by the code of the refusal."""
