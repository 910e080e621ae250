// The graph as a file, for other programs.
import { texts } from "../texts";

const FILES = ["graphml", "gexf", "json", "cyjs", "zip", "jsonld", "dot", "parquet.zip"] as const;

export function Exports() {
  return (
    <section>
      <h2>{texts.home.exports}</h2>
      <ul className="plain">
        {FILES.map((ending) => (
          <li key={ending}>
            <a href={`export/graph.${ending}`} download>
              graph.{ending}
            </a>{" "}
            {texts.home.exportFor[ending]}
          </li>
        ))}
      </ul>
    </section>
  );
}
