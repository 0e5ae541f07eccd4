import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import '@graphiql/plugin-explorer/style.css'
import './page.css'

import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer'
import { explorerPlugin } from '@graphiql/plugin-explorer'
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql'
import { createRoot } from 'react-dom/client'

import { ActiveTab } from './active_tab'
import { examplesPlugin, firstExample, isNarrow } from './examples'
import { fetcher } from './fetcher'
import { useIntrospectionClosed } from './introspection'
import { SignIn, SignInHint } from './sign_in'
import { storage } from './storage'

/** A panel that has nothing to show without a schema says how to get one. */
function ofSchema({ content: Content, ...plugin }) {
  return { ...plugin, content: () => (useIntrospectionClosed() ? <SignInHint /> : <Content />) }
}

const docs = ofSchema(DOC_EXPLORER_PLUGIN)
const plugins = [examplesPlugin, ofSchema(explorerPlugin()), HISTORY_PLUGIN]
const isFirstVisit = storage.length === 0

createRoot(document.getElementById('root')).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    plugins={plugins}
    referencePlugin={docs}
    visiblePlugin={isFirstVisit && !isNarrow() ? examplesPlugin : undefined}
    defaultQuery={firstExample}
    defaultEditorToolsVisibility={isNarrow() ? false : 'variables'}
    shouldPersistHeaders={false}
    inputValueDeprecation
    schemaDescription
  >
    <GraphiQL.Logo>
      <SignIn />
    </GraphiQL.Logo>
    <DocExplorerStore>{null}</DocExplorerStore>
    <ActiveTab />
  </GraphiQL>,
)
