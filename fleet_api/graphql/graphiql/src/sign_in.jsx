import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useEffect } from 'react'

import { isDemo, present, providers, roles, signIn, signOut, useAccount } from './account'

const MENU = 'fleet-sign-in'

/** Who is signed in, and the way to become somebody else. */
export function SignIn() {
  const account = useAccount()
  useSchemaOnceSignedIn(account)
  return (
    <>
      <span className="fleet-name">Fleet API</span>
      <button type="button" className="fleet-account" popoverTarget={MENU} title="Signed in as">
        <i className={account.token ? 'fleet-in' : 'fleet-out'} />
        <span>{account.token ? whoIs(account) : 'Sign in'}</span>
      </button>
      <div id={MENU} popover="auto" className="fleet-menu">
        {isDemo ? <People account={account} /> : <Token account={account} />}
        {account.error && <p role="alert">{account.error}</p>}
        {account.token && (
          <button type="button" onClick={() => leave(signOut)}>
            Sign out
          </button>
        )}
      </div>
    </>
  )
}

/** Where the schema is shown to some only, and whoever asks is none of them. */
export function SignInHint() {
  const { token } = useAccount()
  const title = token ? 'Your role does not see the schema' : 'Sign in to see the schema'
  return (
    <section className="fleet-hint" aria-label={title}>
      <h3>{title}</h3>
      <p>This server shows it to those who run the fleet. Operations work all the same.</p>
      <button type="button" className="fleet-account" popoverTarget={MENU}>
        {token ? 'Sign in as somebody else' : 'Sign in'}
      </button>
    </section>
  )
}

function People({ account }) {
  const button = ({ name, label, platform }, provider) => (
    <button
      type="button"
      key={name}
      aria-label={platform ? label : `${label} of ${provider}`}
      aria-pressed={account.role === name && (platform || account.provider === provider)}
      onClick={() => leave(() => signIn(name, provider))}
    >
      {label}
    </button>
  )
  const [platform, others] = [roles.filter((role) => role.platform), roles.filter((role) => !role.platform)]
  return (
    <>
      <h3>Look around as</h3>
      {platform.map((role) => button(role, account.provider ?? providers[0]))}
      <div className="fleet-providers">
        {providers.map((provider) => (
          <section key={provider} aria-label={provider}>
            <h4>{provider}</h4>
            {others.map((role) => button(role, provider))}
          </section>
        ))}
      </div>
    </>
  )
}

function Token({ account }) {
  function use(event) {
    event.preventDefault()
    const field = event.currentTarget.elements.token
    if (field.value.trim()) leave(() => present(field.value))
    field.value = ''
  }
  return (
    <form onSubmit={use}>
      <h3>{account.token ? 'Another token' : 'Sign in'}</h3>
      <label htmlFor="fleet-token">Token</label>
      <input id="fleet-token" name="token" type="password" autoComplete="off" spellCheck="false" placeholder="eyJ…" />
      <button type="submit">Use it</button>
      <p>It stays in this page’s memory: a reload forgets it.</p>
    </form>
  )
}

function leave(action) {
  action()
  document.getElementById(MENU).hidePopover()
}

function whoIs({ role, provider }) {
  const { label, platform } = roles.find(({ name }) => name === role) ?? { label: role }
  return platform || !provider ? label : `${label} · ${provider}`
}

/** What still runs was asked by somebody else, and who had no schema may have one now. */
function useSchemaOnceSignedIn({ token, role, provider }) {
  const { schema, isIntrospecting } = useGraphiQL(pick('schema', 'isIntrospecting'))
  const { introspect, stop } = useGraphiQLActions()
  useEffect(() => {
    if (token && !schema && !isIntrospecting) introspect()
  }, [token])
  useEffect(() => stop, [role, provider])
}
