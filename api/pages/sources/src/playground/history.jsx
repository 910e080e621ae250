// The "History" panel, where each entry is called by what it says instead of "Set active".
import { HISTORY_PLUGIN } from "graphiql";
import { useEffect, useRef } from "react";

const OF_GRAPHIQL = HISTORY_PLUGIN.content;

export const HISTORY = { ...HISTORY_PLUGIN, content: HistoryPanel };

function HistoryPanel() {
  const panel = useRef(null);
  useEffect(() => {
    const nameByText = () => {
      for (const entry of panel.current.querySelectorAll(".graphiql-history-item-label")) entry.removeAttribute("aria-label");
    };
    nameByText();
    const observer = new MutationObserver(nameByText);
    observer.observe(panel.current, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={panel}>
      <OF_GRAPHIQL />
    </div>
  );
}
