// Who asks. Their token is in this module's memory alone: no storage, no editor and no address ever holds it.
// In the demo it can be had for the asking, so a reload signs in anew; elsewhere a reload forgets it.
import { useSyncExternalStore } from 'react'

/** The providers of whose people the server gives out tokens: those of the demo, none elsewhere. */
export const providers = document.querySelector('meta[name="fleet-demo"]').content.split(' ').filter(Boolean)
export const isDemo = providers.length > 0

/** In the order of their use; `of` says whose they are in the demo. */
export const roles = [
  { name: 'platform_ops', label: 'Platform ops', platform: true },
  { name: 'provider_admin', label: 'Provider admin' },
  { name: 'dispatcher', label: 'Dispatcher' },
  { name: 'finance', label: 'Finance' },
  { name: 'auditor', label: 'Auditor' },
  { name: 'driver', label: 'Driver' },
]

const REMEMBERED = 'fleet:signed-in-as'
const FIRST_VISIT = 'dispatcher north'
const RENEWED_BEFORE_MS = 60_000

/** token: null while nobody is signed in. error: why not, in words. */
const NOBODY = { token: null, role: null, provider: null, error: null }
let account = NOBODY
let signingIn = Promise.resolve()
const listeners = new Set()

export const useAccount = () => useSyncExternalStore(subscribe, () => account)

export const labelOf = (role) => roles.find(({ name }) => name === role)?.label ?? role

/** What a request says of who asks; in the demo a token that is about to end is exchanged first. */
export async function credentials() {
  await signingIn
  if (isDemo && account.token && expiresAt(account.token) - Date.now() < RENEWED_BEFORE_MS) {
    await signIn(account.role, account.provider)
  }
  return account.token ? { Authorization: `Bearer ${account.token}` } : {}
}

/** As somebody of the demo; of two clicks the last one counts. Who it is is remembered, their token never. */
export function signIn(role, provider) {
  const attempt = ask(role, provider).then(
    (token) => attempt === signingIn && become({ token, role, provider, error: null }),
    () => attempt === signingIn && become({ ...NOBODY, error: 'The server did not sign you in. Try again.' }),
  )
  signingIn = attempt
  localStorage.setItem(REMEMBERED, `${role} ${provider}`)
  return attempt
}

/** With a token of one's own, as it is or with "Bearer" before it. */
export function present(text) {
  const token = text.trim().replace(/^bearer\s+/i, '')
  const { role = 'unknown role', sub = null } = claimsOf(token)
  become({ token, role, provider: sub, error: null })
}

export function signOut() {
  signingIn = Promise.resolve()
  if (isDemo) localStorage.setItem(REMEMBERED, '')
  become(NOBODY)
}

if (isDemo) {
  const [role, provider] = (localStorage.getItem(REMEMBERED) ?? FIRST_VISIT).split(' ')
  if (provider) signIn(role, provider)
}

async function ask(role, provider) {
  const answer = await fetch(new URL('graphiql/sign-in', location.href), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role, provider }),
  })
  if (!answer.ok) throw new Error(answer.statusText)
  return (await answer.json()).token
}

function become(next) {
  account = next
  for (const listener of listeners) listener()
}

function subscribe(listener) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const expiresAt = (token) => (claimsOf(token).exp ?? Infinity) * 1000

/** The claims of a JWT; none where it is not one. Whether they are true is the server's to say. */
function claimsOf(token) {
  try {
    return JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')))
  } catch {
    return {}
  }
}
