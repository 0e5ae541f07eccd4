// What a page or a phone would do with the two libraries: `node client.js sockets|streams URL TOKEN QUERY`.
// Each line that it prints is a JSON array: ["next", result], ["error", errors], ["closed", code, reason], ["complete"]; it
// ends when the operation does. A line "renew TOKEN" on its input renews the socket's token.
import { createInterface } from 'node:readline'

import { createClient as createStreams } from 'graphql-sse'
import { createClient as createSockets } from 'graphql-ws'
import WebSocket from 'ws'

const [kind, url, token, query] = process.argv.slice(2)
const tell = (...what) => console.log(JSON.stringify(what))

function sockets() {
  let socket
  const client = createSockets({
    url,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { Authorization: `Bearer ${token}` },
    on: {
      opened: (opened) => (socket = opened),
      closed: ({ code, reason }) => tell('closed', code, reason),
      pong: (_received, payload) => payload && tell('pong', payload),
    },
  })
  createInterface({ input: process.stdin }).on('line', (line) => {
    const [, renewed] = line.split(' ')
    socket.send(JSON.stringify({ type: 'ping', payload: { authorization: `Bearer ${renewed}` } }))
  })
  return client
}

function streams() {
  return createStreams({ url, retryAttempts: 0, headers: { Authorization: `Bearer ${token}` } })
}

const client = kind === 'sockets' ? sockets() : streams()
client.subscribe(
  { query },
  {
    next: (result) => tell('next', result),
    error: (error) => tell('error', Array.isArray(error) ? error : String(error.message ?? error.code)),
    complete: () => tell('complete'),
  },
)
process.stdin.on('end', () => process.exit())
