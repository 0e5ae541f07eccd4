"""The catalogue through the API."""

from fleet_api.shared.domain.permission import Role
from fleet_api.vehicles.domain.connector_standard import ConnectorStandard
from tests.support.api import Api, global_id
from tests.support.world import World


async def test_every_provider_and_driver_reads_the_catalogue(api: Api, world: World) -> None:
    north, harbor = await world.provider(), await world.provider()
    model = await world.vehicle_model(make="Škoda", name="Enyaq", dc_max_kw=None, range_m=None)
    driver = await world.driver(harbor)
    document = """query($id: ID!) { vehicleModel(id: $id) {
        make name variant year usableBatteryKwh connectorTypes acMaxKw dcMaxKw rangeM } }"""
    for asked in (api.as_role(Role.AUDITOR, north.id), api.as_role(Role.DRIVER, harbor.id, str(driver.id))):
        data = await asked.data(document, {"id": global_id("VehicleModel", model.id)})
        assert data["vehicleModel"] == {
            "make": "Škoda",
            "name": "Enyaq",
            "variant": "Pro",
            "year": 2024,
            "usableBatteryKwh": 77.0,
            "connectorTypes": ["IEC_62196_T2_COMBO", "IEC_62196_T2"],
            "acMaxKw": 11.0,
            "dcMaxKw": None,
            "rangeM": None,
        }


async def test_the_catalogue_is_filtered_ordered_and_paged(api: Api, world: World) -> None:
    nacs = [ConnectorStandard.SAE_J3400]
    await world.vehicle_model(make="Tesla", name="Model Y", variant="Long Range", year=2025, connector_types=nacs)
    await world.vehicle_model(make="Audi", name="Q4 e-tron", variant="40", year=2023)
    await world.vehicle_model(make="Tesla", name="Model 3", variant="Rear-Wheel Drive", year=2024)
    asked = api.as_role(Role.AUDITOR, (await world.provider()).id)

    async def names(arguments: str) -> list[str]:
        data = await asked.data(f"{{ vehicleModels({arguments}) {{ edges {{ node {{ name }} }} }} }}")
        return [edge["node"]["name"] for edge in data["vehicleModels"]["edges"]]

    assert await names("first: 9") == ["Model Y", "Q4 e-tron", "Model 3"]
    assert await names("orderBy: {field: MAKE}") == ["Q4 e-tron", "Model Y", "Model 3"]
    assert await names("orderBy: {field: YEAR, direction: DESC}") == ["Model Y", "Model 3", "Q4 e-tron"]
    assert await names('filter: {make: "Tesla"}') == ["Model Y", "Model 3"]
    assert await names('filter: {search: "tesla long"}') == ["Model Y"]
    assert await names('filter: {search: "tesla 40"}') == []
    assert await names("filter: {connectorType: SAE_J3400}") == ["Model Y"]
    first = await asked.data("{ vehicleModels(first: 2, orderBy: {field: YEAR}) { pageInfo { endCursor } } }")
    after = first["vehicleModels"]["pageInfo"]["endCursor"]
    assert await names(f'orderBy: {{field: YEAR}}, after: "{after}"') == ["Model Y"]
