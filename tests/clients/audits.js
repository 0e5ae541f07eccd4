// The audits of GraphQL over HTTP, as its own package has them: `node audits.js URL TOKEN`.
// Each line that it prints is a JSON object: {id, name, status, reason}.
import { auditServer } from 'graphql-http'

const [url, token] = process.argv.slice(2)
const fetchFn = (address, init = {}) =>
  fetch(address, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } })

for (const { id, name, status, reason } of await auditServer({ url, fetchFn }))
  console.log(JSON.stringify({ id, name, status, reason }))
