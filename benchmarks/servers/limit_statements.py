"""The statements that somebody writes by hand who wants speed: one per level, with no more columns than are shown."""

DRIVER = """
SELECT id, full_name, phone, email, locale, licence_number, licence_country, licence_expires_on, status, version
FROM drivers WHERE id = $1 AND fleet_provider_id = $2"""
DRIVERS = """
SELECT id, full_name, locale, status FROM drivers WHERE fleet_provider_id = $1 ORDER BY id LIMIT $2"""
CURRENT_VEHICLES = """
SELECT a.driver_id, v.id, v.vin, v.plate, v.plate_country, v.usable_battery_kwh, v.status, v.odometer_m, v.version
FROM vehicle_assignments a JOIN vehicles v ON v.id = a.vehicle_id
WHERE a.driver_id = any($1) AND a.ended_at IS NULL AND a.fleet_provider_id = $2 AND v.fleet_provider_id = $2"""
LATEST = """
SELECT vehicle_id, recorded_at, latitude, longitude, speed_kph, state_of_charge_pct, odometer_m
FROM latest_telemetry WHERE vehicle_id = any($1) AND fleet_provider_id = $2"""
NAMES = """
SELECT id, full_name FROM drivers WHERE fleet_provider_id = $1 AND id > $2 ORDER BY id LIMIT $3"""
ASSIGNMENTS = """
SELECT a.* FROM unnest($1::uuid[]) AS asked(id) CROSS JOIN LATERAL (
  SELECT id, driver_id, vehicle_id, started_at, ended_at FROM vehicle_assignments
  WHERE driver_id = asked.id AND fleet_provider_id = $2 ORDER BY started_at DESC, id DESC LIMIT $3) a"""
PLATES = "SELECT id, plate FROM vehicles WHERE id = any($1) AND fleet_provider_id = $2"
POINTS = """
SELECT p.* FROM unnest($1::uuid[]) AS asked(id) CROSS JOIN LATERAL (
  SELECT vehicle_id, recorded_at, latitude, longitude, speed_kph, state_of_charge_pct FROM telemetry_points
  WHERE vehicle_id = asked.id AND fleet_provider_id = $2 AND recorded_at >= $3 AND recorded_at < $4
  ORDER BY recorded_at DESC, source DESC, sequence DESC LIMIT $5) p"""
WITHIN = """
SELECT id, vin, plate, plate_country, usable_battery_kwh, status, odometer_m, version FROM vehicles
WHERE fleet_provider_id = $1 AND id IN (
  SELECT vehicle_id FROM latest_telemetry
  WHERE fleet_provider_id = $1 AND point(longitude, latitude) <@ box(point($3, $2), point($5, $4)))
ORDER BY id LIMIT $6"""
_POINT_COLUMNS = """recorded_at, source, sequence, latitude, longitude, speed_kph, heading_deg, state_of_charge_pct,
  range_m, odometer_m, battery_temperature_c, plugged_in, vehicle_id, fleet_provider_id, received_at"""
RECORD = f"""
INSERT INTO telemetry_points ({_POINT_COLUMNS})
SELECT given.*, $14, $15 FROM unnest($1::timestamptz[], $2::text[], $3::int[], $4::float8[], $5::float8[], $6::float8[],
  $7::float8[], $8::float8[], $9::int[], $10::int[], $11::float8[], $12::bool[], $13::uuid[]) AS given
ON CONFLICT DO NOTHING RETURNING vehicle_id"""
MOVE = f"""
INSERT INTO latest_telemetry AS latest ({_POINT_COLUMNS})
SELECT given.*, $14, $15 FROM unnest($1::timestamptz[], $2::text[], $3::int[], $4::float8[], $5::float8[], $6::float8[],
  $7::float8[], $8::float8[], $9::int[], $10::int[], $11::float8[], $12::bool[], $13::uuid[]) AS given
ON CONFLICT (vehicle_id) DO UPDATE SET recorded_at = excluded.recorded_at, source = excluded.source,
  sequence = excluded.sequence, latitude = excluded.latitude, longitude = excluded.longitude,
  speed_kph = excluded.speed_kph, heading_deg = excluded.heading_deg,
  state_of_charge_pct = excluded.state_of_charge_pct, range_m = excluded.range_m, odometer_m = excluded.odometer_m,
  battery_temperature_c = excluded.battery_temperature_c, plugged_in = excluded.plugged_in,
  received_at = excluded.received_at
WHERE excluded.recorded_at > latest.recorded_at"""
