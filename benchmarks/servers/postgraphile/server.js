// PostGraphile 5 over the same database, set up for speed: Node's own HTTP server, no GraphiQL, no explain, no watching.
import { createServer } from 'node:http'
import { PgSimplifyInflectionPreset } from '@graphile/simplify-inflection'
import pg from 'pg'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { pgSmartTags } from 'postgraphile/utils'
import { PostGraphileConnectionFilterPreset } from 'postgraphile-plugin-connection-filter'

// Where the database is, pg takes from the PG… variables.
const pool = new pg.Pool({ max: Number(process.env.BENCH_POOL_SIZE) })

// The tables' own foreign keys name the provider too. By the id alone a join is simpler, and the indexes are made for it.
const relations = Object.entries({
  vehicle_assignments: [
    '(driver_id) references drivers (id)|@fieldName driver|@foreignFieldName assignments',
    '(vehicle_id) references vehicles (id)|@fieldName vehicle|@foreignFieldName assignments',
  ],
  latest_telemetry: ['(vehicle_id) references vehicles (id)|@fieldName vehicle|@foreignSingleFieldName latestTelemetry'],
  telemetry_points: ['(vehicle_id) references vehicles (id)|@fieldName vehicle|@foreignFieldName telemetry'],
}).map(([match, foreignKey]) => ({ kind: 'class', match, tags: { foreignKey } }))
const openOnes = { kind: 'attribute', match: 'vehicle_assignments.ended_at', tags: { behavior: '+filterBy' } }

const pgl = postgraphile({
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset, PostGraphileConnectionFilterPreset],
  plugins: [pgSmartTags([...relations, openOnes])],
  pgServices: [makePgService({ pool, schemas: ['public'], pubsub: false })],
  schema: { defaultBehavior: '-insert -update -delete' },
  grafast: { explain: false },
  grafserv: { graphiql: false, graphiqlOnGraphQLGET: false, watch: false },
})

const server = createServer()
server.on('error', (error) => {
  console.error(error)
  process.exit(1)
})
await pgl.createServ(grafserv).addTo(server)
await pgl.getSchema()
server.listen(Number(process.env.BENCH_PORT), '127.0.0.1')
