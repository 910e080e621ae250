// The "Examples" panel: queries from static/examples.json, each opened in a tab of its own.
import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";

/** The examples with their variables as text; none when the file cannot be had, for the playground works without. */
export async function loadExamples() {
  try {
    const response = await fetch("static/examples.json");
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return (await response.json()).map(({ name, query, variables }) => ({
      name,
      query,
      variables: isEmpty(variables) ? "" : JSON.stringify(variables, null, 2),
    }));
  } catch (error) {
    console.warn("The example queries could not be loaded.", error);
    return [];
  }
}

function isEmpty(variables) {
  return !variables || Object.keys(variables).length === 0;
}

export function createExamplesPlugin(examples) {
  return { title: "Examples", icon: ExamplesIcon, content: () => <ExamplesPanel examples={examples} /> };
}

function ExamplesPanel({ examples }) {
  const open = useOpenExample();
  return (
    <section aria-label="Example queries">
      <h2 className="examples-title">Examples</h2>
      {examples.length === 0 && <p>The example queries could not be loaded.</p>}
      <ul className="examples-list">
        {examples.map((example) => (
          <li key={example.name}>
            <button type="button" onClick={() => open(example)}>
              {example.name}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Shows an example: in the tab that holds it already, in the present tab if that is empty, else in a new one. */
function useOpenExample() {
  const { addTab, changeTab } = useGraphiQLActions();
  const tabs = useGraphiQL((state) => state.tabs);
  const activeTabIndex = useGraphiQL((state) => state.activeTabIndex);
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);

  return ({ query, variables }) => {
    const openTabIndex = tabs.findIndex((tab) => tab.query === query);
    if (openTabIndex !== -1) {
      if (openTabIndex !== activeTabIndex) changeTab(openTabIndex);
      return;
    }
    if (queryEditor?.getValue().trim()) addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
  };
}

function ExamplesIcon() {
  return (
    <svg viewBox="3.5 2 17 20" height="1em" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M5 4h11l3 3v13H5z" strokeLinejoin="round" />
      <path d="M9 10.5 7.5 12.5 9 14.5M15 10.5l1.5 2-1.5 2M12.75 9.5l-1.5 6" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
