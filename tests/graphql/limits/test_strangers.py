"""What counts as one where strangers are told apart by their addresses."""

import pytest

from fleet_api.graphql.context import principal_of
from fleet_api.shared.domain.viewer import ANONYMOUS


@pytest.mark.parametrize(
    ("one", "other", "are_the_same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("unix:", "", False),
    ],
)
def test_a_network_of_ipv6_is_one_stranger(one: str, other: str, are_the_same: bool) -> None:
    assert (principal_of(ANONYMOUS, one) == principal_of(ANONYMOUS, other)) is are_the_same
