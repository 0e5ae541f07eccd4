import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import '@graphiql/plugin-explorer/style.css'
import './page.css'

import { explorerPlugin } from '@graphiql/plugin-explorer'
import { GraphiQL } from 'graphiql'
import { createRoot } from 'react-dom/client'

import defaultQuery from './default_query.graphql?raw'
import { fetcher } from './fetcher'

const placeholder = '{"Authorization": "Bearer "}'

// Tokens stay out of localStorage: headers are not persisted, and the history plugin, which would write them
// down with every operation whatever that setting says, is left out.
createRoot(document.getElementById('root')).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={[explorerPlugin()]}
    defaultQuery={defaultQuery}
    defaultHeaders={placeholder}
    initialHeaders={placeholder}
    defaultEditorToolsVisibility="headers"
    shouldPersistHeaders={false}
    inputValueDeprecation
    schemaDescription
  >
    <GraphiQL.Logo>Fleet API</GraphiQL.Logo>
  </GraphiQL>,
)
