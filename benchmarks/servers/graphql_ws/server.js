// graphql-ws over ws, written as its documentation writes it: each subscriber has an operation of its own.
// What is published comes from a loop in this process, which the benchmark starts over stdin.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { GraphQLEnumType, GraphQLID, GraphQLInt, GraphQLInterfaceType, GraphQLList, GraphQLNonNull } from 'graphql'
import { GraphQLObjectType, GraphQLScalarType, GraphQLSchema, GraphQLString } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'

const vehicles = JSON.parse(readFileSync(process.env.BENCH_VEHICLES, 'utf8'))
const stem = 'c'.repeat(Number(process.env.BENCH_STEM_LENGTH))
const subscribers = new Map(vehicles.map((id) => [id, new Set()]))
const sequences = new Map()
let id = 1_000_000
let waiting = 0 // subscribers that have not written yet what was published to them
let written = () => {}

// What a subscriber waits for. It asks for the next when the last was written to its socket.
class Updates {
  queue = []
  wake = null
  taken = false
  over = false
  owes = 0

  constructor(ids) {
    this.ids = ids
    for (const id of ids) subscribers.get(id).add(this)
  }

  publish(event) {
    waiting++
    this.owes++
    const value = { vehicleUpdated: event }
    if (this.wake) {
      const wake = this.wake
      this.wake = null
      this.taken = true
      wake({ value, done: false })
    } else this.queue.push(value)
  }

  next() {
    if (this.over) return Promise.resolve({ value: undefined, done: true })
    if (this.taken) this.settle(1)
    this.taken = this.queue.length > 0
    if (this.taken) return Promise.resolve({ value: this.queue.shift(), done: false })
    return new Promise((resolve) => (this.wake = resolve))
  }

  return() {
    this.over = true
    for (const id of this.ids) subscribers.get(id).delete(this)
    this.settle(this.owes)
    this.wake?.({ value: undefined, done: true })
    return Promise.resolve({ value: undefined, done: true })
  }

  settle(count) {
    this.owes -= count
    waiting -= count
    if (waiting === 0) written()
  }

  [Symbol.asyncIterator]() {
    return this
  }
}

const values = (...names) => Object.fromEntries(names.map((name) => [name, {}]))
const FleetEventKind = new GraphQLEnumType({
  name: 'FleetEventKind',
  values: values('VEHICLE_REGISTERED', 'VEHICLE_UPDATED', 'VEHICLE_STATUS_CHANGED', 'SNAPSHOT_REQUIRED'),
})
const DateTime = new GraphQLScalarType({ name: 'DateTime', serialize: (value) => value.toISOString() })
const fields = {
  cursor: { type: new GraphQLNonNull(GraphQLString) },
  kind: { type: new GraphQLNonNull(FleetEventKind) },
  sequence: { type: GraphQLInt },
  occurredAt: { type: new GraphQLNonNull(DateTime) },
  from: { type: GraphQLString },
  to: { type: GraphQLString },
}
const FleetEvent = new GraphQLInterfaceType({ name: 'FleetEvent', fields, resolveType: () => 'VehicleChanged' })
const VehicleChanged = new GraphQLObjectType({ name: 'VehicleChanged', fields, interfaces: [FleetEvent] })
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { ok: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      vehicleUpdated: {
        type: new GraphQLNonNull(FleetEvent),
        args: { vehicleIds: { type: new GraphQLList(new GraphQLNonNull(GraphQLID)) } },
        subscribe: (_, { vehicleIds }) => new Updates(vehicleIds),
      },
    },
  }),
  types: [VehicleChanged],
})

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.env.BENCH_PORT), path: '/graphql', backlog: 4096 })
useServer({ schema }, server)

// One event of each of the first so many vehicles; done when all of it is written.
function round(subjects) {
  const done = new Promise((resolve) => (written = resolve))
  waiting++ // so that it is not done before all is published
  for (const vehicle of vehicles.slice(0, subjects)) {
    const sequence = (sequences.get(vehicle) ?? 0) + 1
    sequences.set(vehicle, sequence)
    const [from, to] = sequence % 2 ? ['ACTIVE', 'MAINTENANCE'] : ['MAINTENANCE', 'ACTIVE']
    const event = { cursor: stem + id++, kind: 'VEHICLE_STATUS_CHANGED', sequence, occurredAt: new Date(), from, to }
    for (const subscriber of subscribers.get(vehicle)) subscriber.publish(event)
  }
  waiting--
  if (waiting === 0) written()
  return done
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line)
  const until = performance.now() + 1_000 * asked.seconds
  let rounds = 0
  while (rounds < asked.rounds || performance.now() < until) {
    await round(asked.subjects)
    await new Promise(setImmediate) // sockets are read, too
    rounds++
  }
  console.log(JSON.stringify({ rounds }))
}
