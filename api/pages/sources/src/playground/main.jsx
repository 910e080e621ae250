// The playground: GraphiQL against the endpoint that served this page.
import "graphiql/setup-workers/vite";

// GraphiQL's own style.css would add 0.4 MB of web fonts; these are the same rules without them.
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "../explorer/tokens.css";
import "./playground.css";

import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createClient } from "graphql-ws";
import { createRoot } from "react-dom/client";

import { AnswerTabs } from "./answer/AnswerTabs";
import { EditorSettings } from "./editors.jsx";
import { EXAMPLES_PLUGIN, Welcome } from "./examples.jsx";
import { ExplainButton, withExplanation } from "./explain.jsx";
import { HISTORY } from "./history.jsx";
import { linkedOperation, ShareButton } from "./share.jsx";
import { TabNames } from "./tabs.jsx";
import { authorization, TOKEN_PLUGIN } from "./token.jsx";

const endpoint = new URL(location.pathname, location.origin);
const webSocketEndpoint = new URL(endpoint);
webSocketEndpoint.protocol = location.protocol === "https:" ? "wss:" : "ws:";

const fetchAnswer = createGraphiQLFetcher({
  url: endpoint.href,
  // It connects when a subscription begins, so it says the token of that moment.
  wsClient: createClient({
    url: webSocketEndpoint.href,
    connectionParams: () => {
      const { Authorization: value } = authorization();
      return value ? { authorization: value } : {};
    },
  }),
});

/** A token written in the editor of headers comes before that of the panel. */
const fetcher = (parameters, options) =>
  fetchAnswer(withExplanation(parameters), { ...options, headers: { ...authorization(), ...options?.headers } });

function isFirstVisit() {
  try {
    return localStorage.getItem("graphiql:tabState") === null;
  } catch {
    return true; // the browser keeps no storage for this page
  }
}

const linked = linkedOperation();
const isWelcome = !linked.initialQuery && isFirstVisit();
const hasRoomForPanel = matchMedia("(min-width: 50rem)").matches;
createRoot(document.getElementById("playground")).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={[HISTORY, EXAMPLES_PLUGIN, TOKEN_PLUGIN]}
    visiblePlugin={isWelcome && hasRoomForPanel ? EXAMPLES_PLUGIN : undefined}
    defaultQuery=""
    defaultEditorToolsVisibility="variables"
    inputValueDeprecation
    schemaDescription
    {...linked}
  >
    <GraphiQL.Logo>Frontgraph</GraphiQL.Logo>
    <GraphiQL.Toolbar>
      {({ prettify, merge, copy }) => (
        <>
          {prettify}
          {merge}
          {copy}
          <ShareButton />
          <ExplainButton />
        </>
      )}
    </GraphiQL.Toolbar>
    <EditorSettings />
    <TabNames />
    <AnswerTabs />
    {isWelcome && <Welcome />}
  </GraphiQL>,
);
