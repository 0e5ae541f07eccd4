import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react'

import { isDemo, labelOf, providers, roles, signIn, useAccount } from './account'
import ids from './examples/ids.json'

const documents = import.meta.glob('./examples/*.graphql', { query: '?raw', import: 'default', eager: true })
const variables = import.meta.glob(['./examples/*.json', '!./examples/ids.json'], {
  query: '?raw',
  import: 'default',
  eager: true,
})

const KINDS = ['query', 'subscription', 'mutation']

/** The first line of each says whose question it answers: `# dispatcher: Who drives what, and where?` */
const examples = Object.entries(documents)
  .map(([path, document]) => {
    const [, role, question] = /^# (\w+): (.+)/.exec(document)
    const kind = KINDS.find((kind) => new RegExp(`^${kind}`, 'm').test(document))
    return { role, question, kind, document, variables: variables[path.replace('.graphql', '.json')] ?? '' }
  })
  .sort((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind))

/** What the first tab of a first visit holds. */
export const firstExample = documents['./examples/who_drives_what.graphql']

export const examplesPlugin = { title: 'Examples', icon: Icon, content: Examples }

function Examples() {
  const account = useAccount()
  const { tabs, queryEditor, variableEditor } = useGraphiQL(pick('tabs', 'queryEditor', 'variableEditor'))
  const { addTab, changeTab, setOperationName, setVisiblePlugin } = useGraphiQLActions()

  async function open(example) {
    if (isDemo && account.role !== example.role) await signIn(example.role, account.provider ?? providers[0])
    if (isNarrow()) setVisiblePlugin(null)
    const there = tabs.findIndex((tab) => tab.query === example.document)
    if (there >= 0) {
      changeTab(there)
      // It reads the tab's document after a pause; a tab added meanwhile would leave the last tab's name to this one.
      setOperationName(tabs[there].operationName)
    } else {
      addTab()
      queryEditor.setValue(example.document)
      variableEditor.setValue(filledIn(example.variables, account.provider))
    }
  }

  return (
    <section aria-label="Examples" className="fleet-examples">
      <div className="graphiql-doc-explorer-title">Examples</div>
      <p>
        The questions of a day, by role. A click opens one in a tab
        {isDemo ? ', signed in as who asks it.' : '; sign in as who may ask it.'}
      </p>
      {roles.map(({ name }) => (
        <section key={name} aria-label={labelOf(name)}>
          <h3>{labelOf(name)}</h3>
          {examples
            .filter(({ role }) => role === name)
            .map((example) => (
              <button type="button" key={example.question} onClick={() => open(example)}>
                <span>{example.question}</span>
                {example.kind !== 'query' && <small>{example.kind}</small>}
              </button>
            ))}
        </section>
      ))}
    </section>
  )
}

/** Where a panel covers the tabs; as in page.css. */
export const isNarrow = () => matchMedia('(max-width: 720px)').matches

/** {{driver}} and its like name somebody of the demo; elsewhere they show what to fill in. */
function filledIn(template, provider) {
  const today = new Date()
  const known = {
    ...(isDemo ? (ids[provider] ?? ids[providers[0]]) : {}),
    now: today.toISOString(),
    firstOfNextMonth: new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 1)).toISOString().slice(0, 10),
  }
  return template.trim().replace(/\{\{(\w+)\}\}/g, (whole, name) => known[name] ?? whole)
}

function Icon(props) {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" {...props}>
      <path d="M4 5.5h16M4 12h10M4 18.5h7" strokeLinecap="round" />
      <path d="m16 14 5 3.5-5 3.5z" fill="currentColor" strokeLinejoin="round" />
    </svg>
  )
}
