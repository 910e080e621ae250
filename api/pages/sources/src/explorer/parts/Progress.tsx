// That work is under way: nothing for a moment, then a line, then how long it has taken.
import { useEffect, useState } from "react";

import { texts } from "../texts";

const UNNOTICED_SECONDS = 0.3;
const LONG_SECONDS = 3;

export function Progress({ text = texts.progress.working }: { text?: string }) {
  const seconds = useSeconds();
  if (seconds < UNNOTICED_SECONDS) return <div className="progress" />;
  return (
    <div className="progress" role="status">
      <progress aria-label={text} />
      <span>{seconds < LONG_SECONDS ? text : texts.progress.long(Math.floor(seconds))}</span>
    </div>
  );
}

/** How long the component has been shown. */
function useSeconds(): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const started = performance.now();
    const timer = setInterval(() => setSeconds((performance.now() - started) / 1000), UNNOTICED_SECONDS * 1000);
    return () => clearInterval(timer);
  }, []);
  return seconds;
}
