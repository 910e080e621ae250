// Bundles the browser pages into ../static/bundle, which the service serves below static/bundle/.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { defineConfig } from "vite";

import { operationFiles, writeOperations } from "./operations.mjs";

// One entry per page: a page is `<name>.html` here, with its sources in src/<name>/.
const pages = ["explorer", "playground"];

/** Makes the explorer's typed operations before anything imports them, and again when one of their files changes. */
const operations = {
  name: "operations",
  async buildStart() {
    for (const file of operationFiles()) this.addWatchFile(file);
    await writeOperations();
  },
};

/** Gives the explorer, for browsers that run no scripts, what the small start page says. */
const smallPage = {
  name: "small-page",
  transformIndexHtml: {
    order: "pre",
    handler(html) {
      const small = readFileSync(resolve(import.meta.dirname, "../static/index.html"), "utf8");
      const body = small.match(/<body[^>]*>(.*)<\/body>/s)[1];
      return html.replace("<!-- the small start page -->", () => body.trim());
    },
  },
};

export default defineConfig({
  base: "./",
  plugins: [operations, smallPage],
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
