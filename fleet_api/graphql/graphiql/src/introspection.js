// Whether the server shows its schema to who asks. Outside the demo it does so to ops roles only.
import { useSyncExternalStore } from 'react'

let closed = false
const listeners = new Set()

export const useIntrospectionClosed = () => useSyncExternalStore(subscribe, () => closed)

export function setIntrospectionClosed(now) {
  closed = now
  for (const listener of listeners) listener()
}

function subscribe(listener) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
