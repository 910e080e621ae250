// A filter by words in names or titles; it asks a moment after the last letter.
import { useEffect, useState } from "react";

import { useParameters } from "../address";
import { FIRST_PAGE } from "../parts/Pager";

const PAUSE_MILLISECONDS = 300;

export function WordsBox({ label }: { label: string }) {
  const [parameters, change] = useParameters();
  const given = parameters.get("words") ?? "";
  const [text, setText] = useState(given);

  useEffect(() => setText(given), [given]);
  useEffect(() => {
    if (text === given) return;
    const timer = setTimeout(() => change({ words: text, ...FIRST_PAGE }, { replace: true }), PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [text, given, change]);

  return (
    <label>
      <span>{label}</span>
      <input type="search" value={text} onChange={(event) => setText(event.target.value)} />
    </label>
  );
}
