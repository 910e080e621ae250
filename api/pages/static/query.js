// The small query page: sends what stands in the form to the endpoint that served the page, and shows the answer.

import { loadExamples } from "./examples.js";

const element = (id) => document.getElementById(id);
const form = element("operation");
const queryField = element("query");
const variablesField = element("variables");
const exampleField = element("examples");
const runButton = form.querySelector("button");

async function run() {
  let variables;
  try {
    variables = parseVariables(variablesField.value);
  } catch (error) {
    showProblem(`The variables are not a JSON object: ${error.message}`);
    variablesField.focus();
    return;
  }
  await send(queryField.value, variables);
}

function parseVariables(text) {
  if (!text.trim()) return {};
  const variables = JSON.parse(text);
  if (variables === null || typeof variables !== "object" || Array.isArray(variables)) {
    throw new TypeError("write it as { \"name\": value }");
  }
  return variables;
}

async function send(query, variables) {
  runButton.disabled = true;
  element("result").setAttribute("aria-busy", "true");
  showStatus("Running…");
  const started = performance.now();
  try {
    const response = await fetch(location.pathname, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/graphql-response+json, application/json;q=0.9",
      },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    showAnswer(response, text, Math.round(performance.now() - started));
  } catch (error) {
    showProblem(`The server could not be reached: ${error.message}`);
  } finally {
    runButton.disabled = false;
    element("result").removeAttribute("aria-busy");
  }
}

function showAnswer(response, text, milliseconds) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    element("result").textContent = text;
    showStatus(`Not JSON (HTTP ${response.status}), ${milliseconds} ms`, true);
    return;
  }
  const errorCount = answer.errors?.length ?? 0;
  const outcome = errorCount === 0 ? "Done" : errorCount === 1 ? "1 error" : `${errorCount} errors`;
  element("result").textContent = JSON.stringify(answer, null, 2);
  showStatus(`${outcome} (HTTP ${response.status}), ${milliseconds} ms`, errorCount > 0 || !response.ok);
}

function showProblem(message) {
  element("result").textContent = "";
  showStatus(message, true);
}

function showStatus(message, isProblem = false) {
  element("status").textContent = message;
  element("status").classList.toggle("problem", isProblem);
}

function offerExamples(examples) {
  for (const { name } of examples) exampleField.append(new Option(name));
  exampleField.addEventListener("change", () => showExample(examples[exampleField.selectedIndex]));
  element("examples-field").hidden = examples.length === 0;
}

function showExample({ query, variables }) {
  queryField.value = query;
  const isEmpty = !variables || Object.keys(variables).length === 0;
  variablesField.value = isEmpty ? "" : JSON.stringify(variables, null, 2);
}

/** A link may carry a query: /graphql?query=...&variables=... */
function showLinkedOperation() {
  const parameters = new URLSearchParams(location.search);
  if (!parameters.get("query")) return false;
  queryField.value = parameters.get("query");
  variablesField.value = parameters.get("variables") ?? "";
  exampleField.selectedIndex = -1;
  return true;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  if (!runButton.disabled) form.requestSubmit();
});

const { examples, problem } = await loadExamples();
if (problem) console.warn(`The examples name what the sample holds: ${problem}`);
offerExamples(examples);
const showsUserText = showLinkedOperation() || (queryField.value + variablesField.value).trim() !== "";
if (showsUserText) exampleField.selectedIndex = -1;
else if (examples.length > 0) showExample(examples[0]);
