"""Two dozen well-known electric cars, from what their makers publish for Europe (usable battery, charging, WLTP).

Compiled by us, so that the demo stands alone; the real catalogue is imported.
"""

from fleet_api.vehicles.domain.connector_standard import ConnectorStandard
from fleet_api.vehicles.domain.open_ev_data import ModelDraft

_CCS2 = (ConnectorStandard.IEC_62196_T2_COMBO, ConnectorStandard.IEC_62196_T2)
_CHADEMO = (ConnectorStandard.CHADEMO, ConnectorStandard.IEC_62196_T2)

# make, name, variant, year, usable kWh, plugs, AC kW, DC kW, range m
CATALOGUE: tuple[ModelDraft, ...] = (
    ModelDraft("Audi", "Q4 e-tron", "40", 2023, 76.6, _CCS2, 11, 135, 520_000),
    ModelDraft("BMW", "i4", "eDrive40", 2023, 80.7, _CCS2, 11, 205, 590_000),
    ModelDraft("BYD", "Atto 3", "Comfort", 2023, 60.5, _CCS2, 11, 88, 420_000),
    ModelDraft("Cupra", "Born", "58 kWh", 2023, 58, _CCS2, 11, 120, 424_000),
    ModelDraft("Ford", "Mustang Mach-E", "Extended Range RWD", 2023, 91, _CCS2, 11, 150, 610_000),
    ModelDraft("Hyundai", "IONIQ 5", "Long Range RWD", 2023, 74, _CCS2, 11, 233, 507_000),
    ModelDraft("Hyundai", "Kona Electric", "65 kWh", 2024, 65.4, _CCS2, 11, 102, 514_000),
    ModelDraft("Kia", "EV6", "Long Range RWD", 2023, 74, _CCS2, 11, 233, 528_000),
    ModelDraft("Kia", "Niro EV", "65 kWh", 2023, 64.8, _CCS2, 11, 80, 460_000),
    ModelDraft("MG", "MG4", "64 kWh", 2023, 61.7, _CCS2, 11, 135, 450_000),
    ModelDraft("Mercedes-Benz", "EQV", "300", 2023, 90, _CCS2, 11, 110, 363_000),
    ModelDraft("Nissan", "Ariya", "63 kWh", 2023, 63, _CCS2, 7.4, 130, 403_000),
    ModelDraft("Nissan", "Leaf", "40 kWh", 2023, 39, _CHADEMO, 6.6, 46, 270_000),
    ModelDraft("Peugeot", "e-208", "50 kWh", 2023, 46.3, _CCS2, 7.4, 100, 362_000),
    ModelDraft("Polestar", "Polestar 2", "Long Range Single Motor", 2024, 79, _CCS2, 11, 205, 655_000),
    ModelDraft("Renault", "Mégane E-Tech", "EV60", 2023, 60, _CCS2, 22, 130, 450_000),
    ModelDraft("Renault", "Zoe", "ZE50 R135", 2023, 52, _CCS2, 22, 46, 385_000),
    ModelDraft("Tesla", "Model 3", "Rear-Wheel Drive", 2024, 57.5, _CCS2, 11, 170, 513_000),
    ModelDraft("Tesla", "Model Y", "Long Range AWD", 2024, 75, _CCS2, 11, 250, 533_000),
    ModelDraft("Volkswagen", "ID. Buzz", "Pro", 2023, 77, _CCS2, 11, 170, 423_000),
    ModelDraft("Volkswagen", "ID.3", "Pro", 2023, 58, _CCS2, 11, 120, 426_000),
    ModelDraft("Volkswagen", "ID.4", "Pro", 2024, 77, _CCS2, 11, 135, 550_000),
    ModelDraft("Volvo", "EX30", "Single Motor Extended Range", 2024, 64, _CCS2, 11, 153, 476_000),
    ModelDraft("Škoda", "Enyaq", "iV 80", 2023, 77, _CCS2, 11, 135, 534_000),
)
