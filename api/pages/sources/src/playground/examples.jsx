// The "Examples" panel: queries that the loaded graph can answer, shown one after the other in the same tab.
import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useEffect, useState } from "react";

import { loadExamples } from "../../../static/examples.js";
import { authorization, TOKEN_CHANGED } from "./token.jsx";

/** The examples with their variables as text, and why they are those of the sample, if so. */
async function examplesOfThisGraph() {
  const { examples, problem } = await loadExamples(authorization());
  return { examples: examples.map((example) => ({ ...example, variables: asText(example.variables) })), problem };
}

function asText(variables) {
  return Object.keys(variables).length === 0 ? "" : JSON.stringify(variables, null, 2);
}

let loading = examplesOfThisGraph();

addEventListener(TOKEN_CHANGED, () => {
  loading = examplesOfThisGraph();
});

function useExamples() {
  const [state, setState] = useState({ examples: [], problem: "", isLoading: true });
  useEffect(() => {
    let isShown = true;
    const follow = () =>
      loading.then((loaded) => {
        if (isShown) setState({ ...loaded, isLoading: false });
      });
    follow();
    addEventListener(TOKEN_CHANGED, follow);
    return () => {
      isShown = false;
      removeEventListener(TOKEN_CHANGED, follow);
    };
  }, []);
  return state;
}

export const EXAMPLES_PLUGIN = { title: "Examples", icon: ExamplesIcon, content: ExamplesPanel };

function ExamplesPanel() {
  const { examples, problem, isLoading } = useExamples();
  const open = useOpenExample(examples);
  return (
    <section aria-label="Example queries" aria-busy={isLoading}>
      <h2 className="panel-title">Examples</h2>
      {isLoading && <p role="status">Looking for names in this graph…</p>}
      {problem && <p role="status">They name what the sample holds, since this graph could not be asked: {problem}</p>}
      <ul className="examples-list">
        {examples.map((example) => (
          <li key={example.name}>
            <button type="button" disabled={open === null} onClick={() => open(example)}>
              {example.name}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Shows an example in the tab that shows one as it was written, else in the present tab if that is empty, else in a new one; null until there are editors. */
function useOpenExample(examples) {
  const { addTab, changeTab } = useGraphiQLActions();
  const tabs = useGraphiQL((state) => state.tabs);
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);

  if (!queryEditor || !variableEditor) return null;
  return ({ query, variables }) => {
    const isExample = (text) => examples.some((example) => example.query === text);
    const present = queryEditor.getValue();
    if (present.trim() && !isExample(present)) {
      const exampleTab = tabs.findIndex((tab) => isExample(tab.query));
      if (exampleTab === -1) addTab();
      else changeTab(exampleTab);
    }
    queryEditor.setValue(query);
    variableEditor.setValue(variables);
  };
}

/** Puts the first example where a first visit would find nothing. */
export function Welcome() {
  const { examples } = useExamples();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  useEffect(() => {
    if (examples.length === 0 || !queryEditor || queryEditor.getValue().trim()) return;
    queryEditor.setValue(examples[0].query);
    variableEditor?.setValue(examples[0].variables);
  }, [examples, queryEditor, variableEditor]);
  return null;
}

function ExamplesIcon() {
  return (
    <svg viewBox="3.5 2 17 20" height="1em" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M5 4h11l3 3v13H5z" strokeLinejoin="round" />
      <path d="M9 10.5 7.5 12.5 9 14.5M15 10.5l1.5 2-1.5 2M12.75 9.5l-1.5 6" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
