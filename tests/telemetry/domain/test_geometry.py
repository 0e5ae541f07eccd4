import pytest

from fleet_api.telemetry.domain.geometry import Bounds, Circle, Polygon, Position, bounds_of, distance_m

OSLO, BERGEN = Position(59.9139, 10.7522), Position(60.3913, 5.3221)
SQUARE = Polygon([Position(0, 0), Position(0, 1), Position(1, 1), Position(1, 0)])
# A U that is open to the north.
CUP = Polygon([Position(0, 0), Position(0, 3), Position(2, 3), Position(2, 2), Position(1, 2), Position(1, 1)])
FIJI = Polygon([Position(-18, 179), Position(-16, 179), Position(-16, -179), Position(-18, -179)])


def test_distance_is_along_the_great_circle() -> None:
    assert distance_m(OSLO, BERGEN) == pytest.approx(305_000, rel=0.01)
    assert distance_m(Position(0, 0), Position(1, 0)) == pytest.approx(111_195, abs=1)
    assert distance_m(Position(0, 179.5), Position(0, -179.5)) == pytest.approx(111_195, abs=1)
    assert distance_m(Position(0, 0), Position(0, 180)) == pytest.approx(20_015_115, rel=1e-4)
    assert distance_m(OSLO, OSLO) == 0


@pytest.mark.parametrize(
    ("polygon", "position", "inside"),
    [
        (SQUARE, Position(0.5, 0.5), True),
        (SQUARE, Position(0.5, 1.5), False),
        (SQUARE, Position(-0.1, 0.5), False),
        (SQUARE, Position(0.5, -179), False),
        (CUP, Position(1.5, 1.5), False),
        (CUP, Position(1.5, 2.5), True),
        (FIJI, Position(-17, 180), True),
        (FIJI, Position(-17, -180), True),
        (FIJI, Position(-17, 179.5), True),
        (FIJI, Position(-17, -178.5), False),
        (FIJI, Position(-17, 0), False),
    ],
)
def test_a_point_is_in_a_polygon_or_not(polygon: Polygon, position: Position, inside: bool) -> None:
    assert polygon.contains(position) is inside
    assert (polygon.outside_m(position) == 0) is inside


def test_outside_a_polygon_the_nearest_edge_counts_not_its_line() -> None:
    assert SQUARE.outside_m(Position(0.5, 1.001)) == pytest.approx(111.2, abs=0.1)
    # Off a corner, the corner is nearest.
    corner = SQUARE.outside_m(Position(-0.001, -0.001))
    assert corner == pytest.approx(distance_m(Position(0, 0), Position(-0.001, -0.001)), abs=0.1)
    # The last corner is joined to the first.
    assert SQUARE.outside_m(Position(0.5, -0.001)) == pytest.approx(111.2, abs=0.1)


def test_outside_a_circle_its_edge_counts() -> None:
    circle = Circle(OSLO, 500)
    assert circle.outside_m(OSLO) == 0
    north = Position(OSLO.latitude + 600 / 111_195, OSLO.longitude)
    assert circle.outside_m(north) == pytest.approx(100, abs=0.5)
    assert (circle.contains(OSLO), circle.contains(north)) == (True, False)


def test_bounds_hold_the_whole_shape() -> None:
    assert bounds_of(SQUARE.points) == Bounds(0, 0, 1, 1)
    assert FIJI.bounds == Bounds(-18, 179, -16, -179)
    box = Circle(Position(60, 10), 1_000).bounds
    for north, east in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        edge = Position(60 + north * 999 / 111_195, 10 + east * 999 / (111_195 / 2))
        assert box.contain(edge)
    assert not box.contain(Position(60, 10.03))


def test_bounds_grow_on_each_side_and_over_the_antimeridian() -> None:
    grown = FIJI.bounds.grown(111_195)
    assert (grown.south, grown.north) == pytest.approx((-19, -15), abs=1e-4)
    assert (grown.west, grown.east) == pytest.approx((177.94, -177.94), abs=0.01)
    world = Bounds(-90, -180, 90, 180)
    assert world.grown(1_000) == world
    assert Bounds(0, -179.9, 1, 179.9).grown(20_000).contain(Position(0.5, 180))


def test_bounds_at_a_pole_and_over_the_antimeridian() -> None:
    assert Circle(Position(90, 0), 1_000).bounds.contain(Position(89.999, 123))
    dateline = Circle(Position(0, 180), 1_000).bounds
    assert dateline.west > dateline.east
    assert dateline.contain(Position(0, 179.999))
    assert dateline.contain(Position(0, -179.999))
    assert not dateline.contain(Position(0, 0))


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (Bounds(-17, 179.5, -16, 179.9), True),
        (Bounds(-17, -179.9, -16, -179.5), True),
        (Bounds(-17, 178, -16, 178.9), False),
        (Bounds(-15, 179, -14, 180), False),
        (Bounds(-17, 170, -16, -170), True),
    ],
)
def test_boxes_meet_or_not(other: Bounds, meets: bool) -> None:
    assert FIJI.bounds.meet(other) is meets
    assert other.meet(FIJI.bounds) is meets
