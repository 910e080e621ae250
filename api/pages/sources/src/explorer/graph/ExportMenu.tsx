// What is seen, as a file.
import { useRef, useState } from "react";

import { texts } from "../texts";
import { inksOf, tokenColours } from "./colours";
import { gexf } from "./exports/gexf";
import { graphml } from "./exports/graphml";
import { png } from "./exports/png";
import { svg } from "./exports/svg";
import type { Exported } from "./exports/whole";

type Format = "graphml" | "gexf" | "svg" | "png";
const FORMATS: Format[] = ["png", "svg", "graphml", "gexf"];

/** `what` is asked for when a format is chosen, since a colour is only known in the theme of that moment. */
export function ExportMenu({ what }: { what: () => Omit<Exported, "colourOf"> }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const [hasFailed, setFailed] = useState(false);

  async function save(format: Format) {
    menu.current!.open = false;
    menu.current!.querySelector("summary")!.focus();
    try {
      download(await written(format, what()), `${fileName(what().title)}.${format}`);
      setFailed(false);
    } catch {
      setFailed(true);
    }
  }

  return (
    <details className="export-menu" ref={menu}>
      <summary>{texts.graph.save}</summary>
      <ul>
        {FORMATS.map((format) => (
          <li key={format}>
            <button type="button" className="quiet" onClick={() => void save(format)}>
              {texts.graph.formats[format]}
            </button>
          </li>
        ))}
      </ul>
      {hasFailed && <p role="alert">{texts.graph.notSaved}</p>}
    </details>
  );
}

async function written(format: Format, what: Omit<Exported, "colourOf">): Promise<Blob> {
  const colourOf = tokenColours();
  const exported = { ...what, colourOf };
  switch (format) {
    case "graphml":
      return new Blob([graphml(exported)], { type: "application/graphml+xml" });
    case "gexf":
      return new Blob([gexf(exported)], { type: "application/gexf+xml" });
    case "svg":
      return new Blob([svg(exported, inksOf(colourOf), texts.graph.others)], { type: "image/svg+xml" });
    case "png":
      return png(exported, inksOf(colourOf), texts.graph.others);
  }
}

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Letters and digits of the title, fit for a file's name. */
function fileName(title: string): string {
  return title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "graph";
}
