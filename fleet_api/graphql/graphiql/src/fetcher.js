import { createGraphiQLFetcher } from '@graphiql/toolkit'

const endpoint = new URL('graphql', location.href)
const socket = new URL(endpoint)
socket.protocol = endpoint.protocol.replace('http', 'ws')

// Queries go by fetch; a subscription opens a graphql-transport-ws socket whose connection_init carries the headers.
const send = createGraphiQLFetcher({ url: endpoint.href, subscriptionUrl: socket.href })

export const fetcher = (params, options) => send(params, { ...options, headers: withCredentials(options?.headers) })

/** The typed headers, "Authorization" in that spelling (a socket's payload knows case), and not while it is blank. */
function withCredentials(headers) {
  const { authorization, ...others } = Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) =>
      name.toLowerCase() === 'authorization' ? ['authorization', value] : [name, value],
    ),
  )
  const blank = !authorization || /^bearer\s*$/i.test(authorization)
  return blank ? others : { ...others, Authorization: authorization }
}
