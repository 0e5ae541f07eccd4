// `npm run lock` after a change of package.json: npm copies every package's funding addresses into the lock,
// and the lock is to carry no address at all.
import { readFileSync, writeFileSync } from 'node:fs'

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
for (const entry of Object.values(lock.packages)) delete entry.funding
writeFileSync('package-lock.json', JSON.stringify(lock, null, 2) + '\n')
