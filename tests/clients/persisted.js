// What a page does with urql's persisted queries: `node persisted.js URL`, the same query twice.
// Each line that it prints is a JSON array: ["asked", method, whether the document came along, status], ["told", data].
import { Client, fetchExchange } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'

const tell = (...what) => console.log(JSON.stringify(what))

async function noted(address, init) {
  const parameters = init.method === 'GET' ? Object.fromEntries(new URL(address).searchParams) : JSON.parse(init.body)
  const answer = await fetch(address, init)
  tell('asked', init.method, 'query' in parameters, answer.status)
  return answer
}

const client = new Client({
  url: process.argv[2],
  fetch: noted,
  exchanges: [persistedExchange({}), fetchExchange],
})
for (let time = 0; time < 2; time++) {
  const { data, error } = await client.query('query Kind { __typename }', {}).toPromise()
  tell('told', data ?? String(error))
}
