// Turns each *.graphql file of the explorer into a module with its operations and their types, `home.operations.ts`
// beside `home.graphql`. What the schema refuses is an error, so such a query fails the build. By hand: `node operations.mjs`.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { codegen } from "@graphql-codegen/core";
import * as typescriptOperations from "@graphql-codegen/typescript-operations";
import { buildSchema, Kind, parse, print, Source, specifiedRules, validate, visit } from "graphql";

const here = dirname(fileURLToPath(import.meta.url));
const schemaFile = resolve(here, "../../../schema.graphql");
const explorer = resolve(here, "src/explorer");

/** What validation asks of a request, but for what cannot be asked of files that are read together. */
const rules = specifiedRules.filter((rule) => !["LoneAnonymousOperationRule"].includes(rule.name));

const typeOptions = {
  scalars: { ID: "string", DateTime: "string", JSON: "unknown" },
  strictScalars: true,
  skipTypename: true,
  useTypeImports: true,
};

/** The files with operations and fragments, which the modules are made from. */
export function operationFiles() {
  const names = readdirSync(explorer, { recursive: true }).filter((name) => name.endsWith(".graphql"));
  return names.sort().map((name) => resolve(explorer, name));
}

/** Writes the modules; those that would not change are left alone. */
export async function writeOperations() {
  const schemaText = readFileSync(schemaFile, "utf8");
  const schema = buildSchema(schemaText);
  const documents = operationFiles().map((file) => ({ file, ast: parse(new Source(readFileSync(file, "utf8"), relative(here, file))) }));
  const whole = { kind: Kind.DOCUMENT, definitions: documents.flatMap(({ ast }) => ast.definitions) };
  const errors = validate(schema, whole, rules);
  if (errors.length > 0) throw new Error(`The schema refuses what the explorer asks.\n${errors.join("\n\n")}`);

  const fragments = whole.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  for (const { file, ast } of documents) {
    const types = await codegen({
      filename: file,
      schema: parse(schemaText),
      schemaAst: schema,
      documents: [{ location: file, document: ast }],
      config: {
        ...typeOptions,
        externalFragments: fragments
          .filter((fragment) => !ast.definitions.includes(fragment))
          .map((node) => ({ name: node.name.value, onType: node.typeCondition.name.value, node, isExternal: true, importFrom: null })),
      },
      plugins: [{ operations: {} }],
      pluginMap: { operations: typescriptOperations },
      skipDocumentsValidation: true,
    });
    writeWhereNew(file.replace(/graphql$/, "operations.ts"), moduleText(file, ast, types, fragments));
  }
}

function moduleText(file, ast, types, fragments) {
  const operations = ast.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const place = relative(dirname(file), resolve(explorer, "client/operation")).replace(/^(?!\.)/, "./");
  const lines = [`// Made from ${file.slice(file.lastIndexOf("/") + 1)} by operations.mjs.`];
  if (operations.length > 0) lines.push(`import type { Operation } from "${place}";`);
  lines.push(types);
  for (const operation of operations) {
    const name = operation.name.value;
    const type = `${name}${operation.operation[0].toUpperCase()}${operation.operation.slice(1)}`;
    const text = [operation, ...fragmentsOf(operation, fragments)].map(print).join("\n\n");
    lines.push(`export const ${name}Operation: Operation<${type}, ${type}Variables> = {`);
    lines.push(`  name: ${JSON.stringify(name)},`, `  text: ${JSON.stringify(text)},`, "};");
  }
  return `${lines.join("\n")}\n`;
}

/** The fragments that a definition spreads, and those that these spread. */
function fragmentsOf(definition, fragments, found = new Set()) {
  visit(definition, {
    FragmentSpread({ name }) {
      const fragment = fragments.find((candidate) => candidate.name.value === name.value);
      if (found.has(fragment)) return;
      found.add(fragment);
      fragmentsOf(fragment, fragments, found);
    },
  });
  return found;
}

function writeWhereNew(file, text) {
  try {
    if (readFileSync(file, "utf8") === text) return;
  } catch {
    // It was not made before.
  }
  writeFileSync(file, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await writeOperations();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
