// Reads a JSON-LD file with jsonld.js and prints it as N-Quads. In its safe mode it refuses what it would else leave out in silence.
// Usage: node read_json_ld.mjs FILE

import { readFileSync } from "node:fs";
import jsonld from "jsonld";

const document = JSON.parse(readFileSync(process.argv[2], "utf8"));
process.stdout.write(await jsonld.toRDF(document, { format: "application/n-quads", safe: true }));
