// What GraphiQL leaves to its editors' defaults, set for each of them.
import { useGraphiQL } from "@graphiql/react";
import { useEffect } from "react";

const NAMES = { queryEditor: "Query", variableEditor: "Variables", headerEditor: "Headers", responseEditor: "Answer" };

export function EditorSettings() {
  return Object.entries(NAMES).map(([editor, name]) => <Settings key={editor} editor={editor} name={name} />);
}

function Settings({ editor: key, name }) {
  const editor = useGraphiQL((state) => state[key]);
  useEffect(() => {
    editor?.updateOptions({
      ariaLabel: name,
      // Typographic quotes are no mistake in news; what cannot be seen still gets its box.
      unicodeHighlight: { ambiguousCharacters: false, nonBasicASCII: false },
    });
  }, [editor, name]);
  return null;
}
