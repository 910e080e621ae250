// The playground: GraphiQL against the endpoint that served this page.
import "graphiql/setup-workers/vite";

// GraphiQL's own style.css would add 0.4 MB of web fonts; these are the same rules without them.
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./playground.css";

import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { createRoot } from "react-dom/client";

import { createExamplesPlugin, loadExamples } from "./examples.jsx";

const endpoint = new URL(location.pathname, location.origin);
const webSocketEndpoint = new URL(endpoint);
webSocketEndpoint.protocol = location.protocol === "https:" ? "wss:" : "ws:";

const fetcher = createGraphiQLFetcher({ url: endpoint.href, subscriptionUrl: webSocketEndpoint.href });

/** A link may carry a query: /graphql?query=...&variables=... */
function linkedOperation() {
  const parameters = new URLSearchParams(location.search);
  return {
    initialQuery: parameters.get("query") ?? undefined,
    initialVariables: parameters.get("variables") ?? undefined,
  };
}

function isFirstVisit() {
  try {
    return localStorage.getItem("graphiql:tabState") === null;
  } catch {
    return true; // the browser keeps no storage for this page
  }
}

async function start() {
  const examples = await loadExamples();
  const examplesPlugin = createExamplesPlugin(examples);
  const linked = linkedOperation();
  const welcome = examples.length > 0 && !linked.initialQuery && isFirstVisit();
  const hasRoomForPanel = matchMedia("(min-width: 50rem)").matches;
  createRoot(document.getElementById("playground")).render(
    <GraphiQL
      fetcher={fetcher}
      plugins={[HISTORY_PLUGIN, examplesPlugin]}
      visiblePlugin={welcome && hasRoomForPanel ? examplesPlugin : undefined}
      defaultTabs={welcome ? [examples[0]] : undefined}
      defaultEditorToolsVisibility="variables"
      inputValueDeprecation
      schemaDescription
      {...linked}
    >
      <GraphiQL.Logo>Frontgraph</GraphiQL.Logo>
    </GraphiQL>,
  );
}

start();
