// The GraphQL behind what is shown: each operation of the page, with a link that opens it in the playground.
import { type AskedQuery, useAskedQueries } from "../client/asking";
import { texts } from "../texts";

export function ShowQuery() {
  const queries = useAskedQueries();
  if (queries.length === 0) return null;
  return (
    <details className="show-query">
      <summary>{texts.query.show}</summary>
      <p>{texts.query.about}</p>
      {queries.map((query) => (
        <Query key={JSON.stringify([query.operation.name, query.variables])} {...query} />
      ))}
    </details>
  );
}

function Query({ operation: { name, text }, variables }: AskedQuery) {
  const given = JSON.stringify(variables, null, 2);
  const hasVariables = given !== "{}";
  return (
    <section aria-label={name}>
      <p>
        <strong>{name}</strong> <a href={playgroundAddress(text, hasVariables ? given : "")}>{texts.query.open}</a>
      </p>
      <pre tabIndex={0} aria-label={texts.query.operation}>
        <code>{text}</code>
      </pre>
      {hasVariables && (
        <pre tabIndex={0} aria-label={texts.query.variables}>
          <code>{given}</code>
        </pre>
      )}
    </section>
  );
}

function playgroundAddress(query: string, variables: string): string {
  return `graphql?${new URLSearchParams({ query, ...(variables && { variables }) })}`;
}
