// Puts a script and the packages that it imports into one file, as the build of a page does, and prints it.
// Usage: node bundle.mjs SCRIPT

import { build } from "esbuild";

const { outputFiles } = await build({
  entryPoints: [process.argv[2]],
  bundle: true,
  format: "esm",
  nodePaths: [new URL("node_modules", import.meta.url).pathname],
  write: false,
});
process.stdout.write(outputFiles[0].text);
