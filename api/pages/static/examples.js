// The example queries, with names that the loaded graph knows. Both query pages, the small one and the playground, read them here.

/**
 * @typedef {{name: string, query: string, variables: Record<string, unknown>}} Example
 * @typedef {Example & {needs?: string[], find?: Record<string, string[]>, findWord?: Record<string, string[]>}} Written
 */

/**
 * The examples that this graph can answer. `problem` says why they name what the sample holds, where the graph could not be asked.
 * @param {Record<string, string>} headers
 * @returns {Promise<{examples: Example[], problem: string}>}
 */
export async function loadExamples(headers = {}) {
  /** @type {Written[]} */
  let written = [];
  try {
    const response = await fetch("static/examples.json");
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    const { names, examples } = await response.json();
    written = examples;
    const found = await ask(names, headers);
    return { examples: written.flatMap((example) => fillIn(example, found)), problem: "" };
  } catch (error) {
    return { examples: written.map(plain), problem: error instanceof Error ? error.message : String(error) };
  }
}

/** @param {string} query @param {Record<string, string>} headers @returns {Promise<unknown>} */
async function ask(query, headers) {
  const response = await fetch(location.pathname, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
    body: JSON.stringify({ query }),
  });
  const answer = await response.json();
  if (answer.errors) throw new Error(answer.errors[0].message);
  return answer.data;
}

/**
 * The example with what was found for its variables; none if the graph lacks something it needs.
 * @param {Written} example @param {unknown} found @returns {Example[]}
 */
function fillIn(example, found) {
  const { needs = [], find = {}, findWord = {} } = example;
  const values = { ...example.variables };
  for (const [variable, paths] of Object.entries(find)) values[variable] = first(found, paths);
  for (const [variable, paths] of Object.entries(findWord)) values[variable] = longestWord(first(found, paths));
  const wanted = [...Object.keys(find), ...Object.keys(findWord)].map((variable) => values[variable]);
  const isAnswered = [...wanted, ...needs.map((path) => at(found, path))].every((value) => value != null);
  return isAnswered ? [{ ...plain(example), variables: values }] : [];
}

/** @param {Written} example @returns {Example} */
function plain({ name, query, variables }) {
  return { name, query, variables };
}

/** @param {unknown} found @param {string[]} paths */
function first(found, paths) {
  return paths.map((path) => at(found, path)).find((value) => value != null);
}

/** @param {unknown} found @param {string} path with dots, such as `topics.nodes.0.name` @returns {any} */
function at(found, path) {
  return path.split(".").reduce((/** @type {any} */ value, key) => value?.[key], found);
}

/** @param {string | undefined} text */
function longestWord(text) {
  const words = text?.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.reduce((/** @type {string | undefined} */ longest, word) => (word.length > (longest?.length ?? 0) ? word : longest), undefined);
}
