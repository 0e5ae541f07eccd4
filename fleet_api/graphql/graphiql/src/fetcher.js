import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { createClient } from 'graphql-ws'

import { credentials } from './account'
import { setIntrospectionClosed } from './introspection'

const url = new URL('graphql', location.href)
const socket = new URL(url)
socket.protocol = url.protocol.replace('http', 'ws')

/**
 * Queries and mutations go by fetch, a subscription over a graphql-transport-ws socket of its own. Who asks is looked
 * up for each, and anew when a socket comes back; an Authorization that was typed into the headers editor goes first.
 */
export async function fetcher(params, options) {
  const headers = async () => ({ ...(await credentials()), ...typed(options?.headers) })
  const send = createGraphiQLFetcher({
    url: url.href,
    wsClient: createClient({ url: socket.href, connectionParams: headers }),
    enableIncrementalDelivery: false,
  })
  // The older media type, whose status tells of the transport only: a browser complains of any other status but 200.
  const answer = await send(params, { ...options, headers: { accept: 'application/json', ...(await headers()) } })
  return params.operationName === 'IntrospectionQuery' ? introspected(answer) : answer
}

/** The typed headers, "Authorization" in that spelling (a socket's payload knows case), and not while it is blank. */
function typed(headers) {
  const entries = Object.entries(headers ?? {}).map(([name, value]) =>
    name.toLowerCase() === 'authorization' ? ['Authorization', value] : [name, value],
  )
  return Object.fromEntries(entries.filter(([name, value]) => name !== 'Authorization' || !isBlank(value)))
}

const isBlank = (authorization) => !authorization || /^bearer\s*$/i.test(authorization)

/** GraphiQL asks a second time where there is no `data` at all; once is enough to learn that it is closed. */
function introspected(answer) {
  setIntrospectionClosed(Boolean(answer.errors?.some((error) => error.extensions?.code === 'INTROSPECTION_CLOSED')))
  return { data: null, ...answer }
}
