// Puts a script and the components of Vue and Svelte that it imports into one file, as a build of a site does, and prints it.
// Usage: node components.mjs SCRIPT

import { readFile } from "node:fs/promises";
import { build } from "esbuild";
import { compile as compileSvelte } from "svelte/compiler";
import { compileScript, parse } from "vue/compiler-sfc";

const compilers = {
  vue: (source) => compileScript(parse(source).descriptor, { id: "articles", inlineTemplate: true }).content,
  svelte: (source) => compileSvelte(source, { generate: "client" }).js.code,
};
const components = {
  name: "components",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.(vue|svelte)$/ }, async ({ path }) => ({
      contents: compilers[path.split(".").at(-1)](await readFile(path, "utf8")),
    })),
};
const { outputFiles } = await build({
  entryPoints: [process.argv[2]],
  bundle: true,
  format: "esm",
  conditions: ["browser", "svelte"],
  define: { __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
  plugins: [components],
  write: false,
});
process.stdout.write(outputFiles[0].text);
