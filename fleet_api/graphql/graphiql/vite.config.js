import { defineConfig } from 'vite'

export default defineConfig({
  // Relative addresses: the page stands at …/graphiql and its files below it, under whatever prefix a proxy adds.
  base: './',
  build: {
    assetsDir: 'graphiql',
    // One of the chunks is a whole code editor.
    chunkSizeWarningLimit: 5000,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
})
