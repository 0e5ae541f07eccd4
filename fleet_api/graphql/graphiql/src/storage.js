// What GraphiQL writes down (tabs, history, sizes of panes) without what must not be: history keeps the headers of each
// operation whatever the page's settings say, and people type secrets into documents and variables.
const HISTORY = /^graphiql:(queries|favorites)$/

// Access tokens (a JWT) and refresh tokens wherever they stand, and what stands after "password".
const TOKEN = /\b(eyJ[\w-]+\.[\w-]+\.[\w-]*|frt_[\w-]+)/g
const PASSWORD = /(password\\*"?\s*:\s*\\*")[^"\\]+/gi

export const storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, withoutSecrets(HISTORY.test(key) ? withoutHeaders(value) : value)),
  removeItem: (key) => localStorage.removeItem(key),
  get length() {
    return ours().length
  },
  clear: () => ours().forEach((key) => localStorage.removeItem(key)),
}

const ours = () => Object.keys(localStorage).filter((key) => key.startsWith('graphiql:'))

const withoutSecrets = (text) => text.replace(TOKEN, '').replace(PASSWORD, '$1')

const withoutHeaders = (text) =>
  JSON.stringify(JSON.parse(text), (key, value) => (key === 'headers' ? undefined : value))
