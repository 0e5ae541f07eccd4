from fleet_api.graphql.operations.automatic_operations import AutomaticOperations


def test_so_many_are_kept_and_then_those_that_were_used_last() -> None:
    kept = AutomaticOperations(most_documents=2)
    kept.keep("a", "1")
    kept.keep("b", "2")
    kept.keep("b", "2")
    assert (kept.get("a"), kept.get("b")) == ("1", "2")
    kept.get("a")
    kept.keep("c", "3")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == ("1", None, "3")
    kept.keep("a", "1")
    kept.keep("d", "4")
    assert (kept.get("a"), kept.get("c"), kept.get("d")) == ("1", None, "4")


def test_so_many_bytes_are_kept() -> None:
    kept = AutomaticOperations(most_bytes=10)
    kept.keep("a", "12345")
    kept.keep("b", "ññ1")
    assert (kept.get("a"), kept.get("b")) == ("12345", "ññ1")
    kept.keep("c", "1")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (None, "ññ1", "1")
    kept.keep("d", "12345678901")
    assert [kept.get(each) for each in "abcd"] == [None] * 4
