"""The plugs that a vehicle can take and a charger can offer, by the names of OCPI 2.3.0's ConnectorType.

OCPI 2.2.1 has the same names, but for MCS and SAE_J3400 (NACS), which came with 2.3.0.
"""

from enum import StrEnum


class ConnectorStandard(StrEnum):
    """A kind of plug, by its name in OCPI 2.3.0, which the graph writes in capitals."""

    # Names are values, letter for letter as OCPI writes them, so that nothing translates between the two.
    CHADEMO = "CHADEMO"
    CHAOJI = "CHAOJI"
    DOMESTIC_A = "DOMESTIC_A"
    DOMESTIC_B = "DOMESTIC_B"
    DOMESTIC_C = "DOMESTIC_C"
    DOMESTIC_D = "DOMESTIC_D"
    DOMESTIC_E = "DOMESTIC_E"
    DOMESTIC_F = "DOMESTIC_F"
    DOMESTIC_G = "DOMESTIC_G"
    DOMESTIC_H = "DOMESTIC_H"
    DOMESTIC_I = "DOMESTIC_I"
    DOMESTIC_J = "DOMESTIC_J"
    DOMESTIC_K = "DOMESTIC_K"
    DOMESTIC_L = "DOMESTIC_L"
    DOMESTIC_M = "DOMESTIC_M"
    DOMESTIC_N = "DOMESTIC_N"
    DOMESTIC_O = "DOMESTIC_O"
    GBT_AC = "GBT_AC"
    GBT_DC = "GBT_DC"
    IEC_60309_2_single_16 = "IEC_60309_2_single_16"
    IEC_60309_2_three_16 = "IEC_60309_2_three_16"
    IEC_60309_2_three_32 = "IEC_60309_2_three_32"
    IEC_60309_2_three_64 = "IEC_60309_2_three_64"
    IEC_62196_T1 = "IEC_62196_T1"
    IEC_62196_T1_COMBO = "IEC_62196_T1_COMBO"
    IEC_62196_T2 = "IEC_62196_T2"
    IEC_62196_T2_COMBO = "IEC_62196_T2_COMBO"
    IEC_62196_T3A = "IEC_62196_T3A"
    IEC_62196_T3C = "IEC_62196_T3C"
    MCS = "MCS"
    NEMA_5_20 = "NEMA_5_20"
    NEMA_6_30 = "NEMA_6_30"
    NEMA_6_50 = "NEMA_6_50"
    NEMA_10_30 = "NEMA_10_30"
    NEMA_10_50 = "NEMA_10_50"
    NEMA_14_30 = "NEMA_14_30"
    NEMA_14_50 = "NEMA_14_50"
    PANTOGRAPH_BOTTOM_UP = "PANTOGRAPH_BOTTOM_UP"
    PANTOGRAPH_TOP_DOWN = "PANTOGRAPH_TOP_DOWN"
    SAE_J3400 = "SAE_J3400"
    TESLA_R = "TESLA_R"
    TESLA_S = "TESLA_S"


CONNECTOR_DESCRIPTIONS: dict[ConnectorStandard, str] = {
    ConnectorStandard.CHADEMO: "CHAdeMO, DC.",
    ConnectorStandard.CHAOJI: "ChaoJi, DC: the common successor of CHAdeMO and GB/T.",
    ConnectorStandard.DOMESTIC_A: "Household socket type A (NEMA 1-15), 2 pins.",
    ConnectorStandard.DOMESTIC_B: "Household socket type B (NEMA 5-15), 3 pins.",
    ConnectorStandard.DOMESTIC_C: "Household socket type C (CEE 7/16, 7/17), 2 pins.",
    ConnectorStandard.DOMESTIC_D: "Household socket type D (BS 546, 5 A), 3 pins.",
    ConnectorStandard.DOMESTIC_E: "Household socket type E (CEE 7/5), French.",
    ConnectorStandard.DOMESTIC_F: "Household socket type F (CEE 7/4), Schuko.",
    ConnectorStandard.DOMESTIC_G: "Household socket type G (BS 1363), British.",
    ConnectorStandard.DOMESTIC_H: "Household socket type H (SI 32), Israeli.",
    ConnectorStandard.DOMESTIC_I: "Household socket type I (AS 3112), Australian and Chinese.",
    ConnectorStandard.DOMESTIC_J: "Household socket type J (SEV 1011), Swiss.",
    ConnectorStandard.DOMESTIC_K: "Household socket type K (DS 60884-2-D1), Danish.",
    ConnectorStandard.DOMESTIC_L: "Household socket type L (CEI 23-50), Italian.",
    ConnectorStandard.DOMESTIC_M: "Household socket type M (BS 546, 15 A), South African and Indian.",
    ConnectorStandard.DOMESTIC_N: "Household socket type N (NBR 14136), Brazilian.",
    ConnectorStandard.DOMESTIC_O: "Household socket type O (TIS 166-2549), Thai.",
    ConnectorStandard.GBT_AC: "GB/T 20234.2, AC, Chinese.",
    ConnectorStandard.GBT_DC: "GB/T 20234.3, DC, Chinese.",
    ConnectorStandard.IEC_60309_2_single_16: "IEC 60309-2 industrial, single phase, 16 A (blue).",
    ConnectorStandard.IEC_60309_2_three_16: "IEC 60309-2 industrial, three phases, 16 A (red).",
    ConnectorStandard.IEC_60309_2_three_32: "IEC 60309-2 industrial, three phases, 32 A (red).",
    ConnectorStandard.IEC_60309_2_three_64: "IEC 60309-2 industrial, three phases, 64 A (red).",
    ConnectorStandard.IEC_62196_T1: "IEC 62196 type 1 (SAE J1772), AC, North American and Japanese.",
    ConnectorStandard.IEC_62196_T1_COMBO: "CCS 1: combined charging on type 1, DC.",
    ConnectorStandard.IEC_62196_T2: "IEC 62196 type 2 (Mennekes), AC, European.",
    ConnectorStandard.IEC_62196_T2_COMBO: "CCS 2: combined charging on type 2, DC.",
    ConnectorStandard.IEC_62196_T3A: "IEC 62196 type 3A (Scame), AC, for light vehicles.",
    ConnectorStandard.IEC_62196_T3C: "IEC 62196 type 3C (Scame), AC, formerly French and Italian.",
    ConnectorStandard.MCS: "Megawatt Charging System, DC, for trucks and buses.",
    ConnectorStandard.NEMA_5_20: "NEMA 5-20, 120 V, 20 A.",
    ConnectorStandard.NEMA_6_30: "NEMA 6-30, 240 V, 30 A.",
    ConnectorStandard.NEMA_6_50: "NEMA 6-50, 240 V, 50 A.",
    ConnectorStandard.NEMA_10_30: "NEMA 10-30, 240 V, 30 A, without earth.",
    ConnectorStandard.NEMA_10_50: "NEMA 10-50, 240 V, 50 A, without earth.",
    ConnectorStandard.NEMA_14_30: "NEMA 14-30, 240 V, 30 A.",
    ConnectorStandard.NEMA_14_50: "NEMA 14-50, 240 V, 50 A.",
    ConnectorStandard.PANTOGRAPH_BOTTOM_UP: "Pantograph on the roof of the vehicle, rising, for buses.",
    ConnectorStandard.PANTOGRAPH_TOP_DOWN: "Pantograph on the mast, descending, for buses.",
    ConnectorStandard.SAE_J3400: "NACS, the North American Charging Standard, AC and DC.",
    ConnectorStandard.TESLA_R: "Tesla Roadster, round, 4 pins.",
    ConnectorStandard.TESLA_S: "Tesla Model S, oval, 5 pins: NACS's shape, with Tesla's own signalling.",
}
