// Bundles the browser pages into ../static/bundle, which the service serves below static/bundle/.
import { defineConfig } from "vite";

// One entry per page: a page is `<name>.html` here, with its sources in src/<name>/.
const pages = ["playground"];

export default defineConfig({
  base: "./",
  build: {
    outDir: "../static/bundle",
    emptyOutDir: true,
    target: "es2022",
    // Nothing is inlined: `script-src 'self'` allows neither inline scripts nor data: URLs.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 5000,
    reportCompressedSize: false,
    license: { fileName: "third-party-licenses.md" },
    rolldownOptions: {
      checks: { moduleLevelDirective: false }, // "use client" is for server rendering
      input: Object.fromEntries(pages.map((page) => [page, `${page}.html`])),
    },
  },
  worker: { format: "es" },
  experimental: {
    // A page is served beside static/ (at <prefix>/graphql), not from the folder it is built into, so its links name
    // that folder; scripts and styles find their neighbours relative to themselves. No URL starts with "/": the
    // service works behind any prefix.
    renderBuiltUrl: (filename, { hostType }) =>
      hostType === "html" ? `static/bundle/${filename}` : { relative: true },
  },
});
