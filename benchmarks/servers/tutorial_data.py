"""The tutorial way, its data: mapped classes and a session factory."""

import os
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DateTime
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine(
    os.environ["BENCH_DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://"),
    pool_size=int(os.environ["BENCH_POOL_SIZE"]),
    max_overflow=0,
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


class Model(DeclarativeBase):
    type_annotation_map = {datetime: DateTime(timezone=True)}


class DriverModel(Model):
    __tablename__ = "drivers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    fleet_provider_id: Mapped[UUID]
    full_name: Mapped[str]
    phone: Mapped[str]
    email: Mapped[str]
    locale: Mapped[str]
    licence_number: Mapped[str]
    licence_country: Mapped[str]
    licence_expires_on: Mapped[date]
    status: Mapped[str]
    version: Mapped[int]


class VehicleModel(Model):
    __tablename__ = "vehicles"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    fleet_provider_id: Mapped[UUID]
    vin: Mapped[str]
    plate: Mapped[str]
    plate_country: Mapped[str]
    usable_battery_kwh: Mapped[float]
    status: Mapped[str]
    odometer_m: Mapped[int]
    version: Mapped[int]


class AssignmentModel(Model):
    __tablename__ = "vehicle_assignments"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    fleet_provider_id: Mapped[UUID]
    driver_id: Mapped[UUID]
    vehicle_id: Mapped[UUID]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Reading:
    """What the columns of the history and of the latest points have in common."""

    fleet_provider_id: Mapped[UUID]
    received_at: Mapped[datetime]
    latitude: Mapped[float]
    longitude: Mapped[float]
    speed_kph: Mapped[float | None]
    heading_deg: Mapped[float | None]
    state_of_charge_pct: Mapped[float | None]
    range_m: Mapped[int | None]
    odometer_m: Mapped[int | None]
    battery_temperature_c: Mapped[float | None]
    plugged_in: Mapped[bool | None]


class PointModel(Reading, Model):
    __tablename__ = "telemetry_points"

    vehicle_id: Mapped[UUID] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)


class LatestModel(Reading, Model):
    __tablename__ = "latest_telemetry"

    vehicle_id: Mapped[UUID] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime]
    source: Mapped[str]
    sequence: Mapped[int]
