import { pick, useGraphiQL } from '@graphiql/react'
import { useEffect } from 'react'

/** Brings the active tab into view, whoever made it active; on a phone there is room for two. */
export function ActiveTab() {
  const { tabs, activeTabIndex } = useGraphiQL(pick('tabs', 'activeTabIndex'))
  const { id, title } = tabs[activeTabIndex]
  useEffect(() => {
    document.querySelector('.graphiql-tab-active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [id, title])
  return null
}
