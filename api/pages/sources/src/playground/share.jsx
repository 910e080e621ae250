// The share button: puts the query and its variables into the address of the page, and the address on the clipboard.
import { ToolbarButton, useGraphiQL } from "@graphiql/react";
import { useState } from "react";

/** What a server takes of an address without being told otherwise. */
const LONGEST_ADDRESS = 8_000;

/** A link may carry a query: /graphql?query=...&variables=... */
export function linkedOperation() {
  const parameters = new URLSearchParams(location.search);
  return {
    initialQuery: parameters.get("query") ?? undefined,
    initialVariables: parameters.get("variables") ?? undefined,
  };
}

function addressOf(query, variables) {
  const address = new URL(location.href);
  address.search = new URLSearchParams({ query, ...(variables.trim() ? { variables } : {}) }).toString();
  return address.href;
}

export function ShareButton() {
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const [told, setTold] = useState("");

  async function share() {
    const address = addressOf(queryEditor?.getValue() ?? "", variableEditor?.getValue() ?? "");
    if (address.length > LONGEST_ADDRESS) {
      setTold("The query is too long for an address. Shorten it, or send it as text.");
      return;
    }
    history.replaceState(null, "", address);
    try {
      await navigator.clipboard.writeText(address);
      setTold("The address holds this query now, and was copied.");
    } catch {
      setTold("The address holds this query now: copy it from the address bar.");
    }
  }

  return (
    <>
      <ToolbarButton label="Share this query by its address" onClick={share}>
        <ShareIcon />
      </ToolbarButton>
      <p className="share-status" role="status" onAnimationEnd={() => setTold("")}>
        {told && <span key={told}>{told}</span>}
      </p>
    </>
  );
}

function ShareIcon() {
  return (
    <svg className="graphiql-toolbar-icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M10 14a4 4 0 0 0 5.7 0l3.5-3.5a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.5 3.5a4 4 0 0 0 5.7 5.7l1.5-1.5" strokeLinecap="round" />
    </svg>
  );
}
