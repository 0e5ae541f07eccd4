"""What a vehicle did within a span of time."""

from dataclasses import dataclass

_LEAST_M = 1_000


@dataclass(frozen=True, slots=True)
class VehicleMetrics:
    """Growth of the counters, and seconds by what the vehicle did; a silence counts for 15 minutes at most.

    driving_seconds: at 3 km/h and more. idle_seconds: standing, not plugged in. span_seconds: of all that was asked.
    """

    distance_m: int
    energy_out_wh: int
    energy_regen_wh: int
    charged_kwh: float
    driving_seconds: int
    idle_seconds: int
    span_seconds: float

    @property
    def energy_out_kwh(self) -> float:
        return self.energy_out_wh / 1_000

    @property
    def energy_regen_kwh(self) -> float:
        return self.energy_regen_wh / 1_000

    @property
    def consumption_kwh_per_100_km(self) -> float | None:
        """Net of what was recovered. None under 1 km, where it would say nothing."""
        if self.distance_m < _LEAST_M:
            return None
        return (self.energy_out_kwh - self.energy_regen_kwh) / (self.distance_m / 100_000)

    @property
    def utilisation_pct(self) -> float:
        """Share of the span that it drove."""
        return 100 * self.driving_seconds / self.span_seconds
