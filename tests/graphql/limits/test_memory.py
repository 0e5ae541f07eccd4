"""What is kept of documents is bounded by what it takes, and not by how many there are: strangers invent new ones."""

import gc
import weakref

from fleet_api.graphql.execution.compiler import Compiler
from fleet_api.graphql.execution.documents import Documents, Operation
from fleet_api.graphql.execution.plans import Plans
from fleet_api.shared.domain.viewer import ANONYMOUS
from tests.support.schema_walk import CORE


def _long(number: int) -> str:
    return f"query Q{number} {{ me {{ id }} }} " + "#\n" * 5_000


def _alive(references: list[weakref.ref[Operation]]) -> int:
    gc.collect()
    return sum(reference() is not None for reference in references)


def test_long_documents_leave_room_for_few() -> None:
    documents = Documents(CORE, 12)
    kept = [weakref.ref(documents.read(_long(n)).operation(None)) for n in range(100)]
    assert 20 < _alive(kept) < 80
    assert documents.known(_long(99)) is not None
    assert documents.known(_long(0)) is None


def test_a_plan_keeps_its_document_alive_and_is_weighed_with_it() -> None:
    plans, kept = Plans(), []
    for n in range(200):
        operation = Documents(CORE, 12).read(_long(n)).operation(None)
        variables = operation.variables.coerced({})
        assert not isinstance(variables, list)
        plan = plans.get(operation, (), Compiler(CORE, operation, variables, ANONYMOUS.permissions).compile)
        assert plan is not None and plan.size < 10
        kept.append(weakref.ref(operation))
    assert 20 < _alive(kept) < 150


def test_what_is_known_of_an_operation_is_found_out_when_it_is_asked_for() -> None:
    """Or a document of hundreds would be looked through for each of them."""
    operations = " ".join(f"query Q{n} {{ ...F }}" for n in range(200))
    document = Documents(CORE, 12).read(f"{operations} fragment F on Query {{ __typename }}")
    operation = document.operation("Q7")
    assert document.operation("Q7") is operation
    gc.collect()
    assert [each for each in gc.get_objects() if type(each) is Operation and each.document is operation.document] == [
        operation
    ]


def test_a_document_that_two_read_at_once_is_kept_once() -> None:
    documents = Documents(CORE, 100)
    for _ in range(5):
        documents.read("{ __typename }")
    assert documents.known("{ __typename }") is not None
    assert documents._size == documents.read("{ __typename }").size
