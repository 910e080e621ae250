// Beside the answer as JSON: its lists as tables, and its nodes as a picture.
import { useGraphiQL } from "@graphiql/react";
import { type KeyboardEvent, lazy, Suspense, useEffect, useId, useState } from "react";
import { createPortal } from "react-dom";

import { Progress } from "../../explorer/parts/Progress";
import { texts } from "../../explorer/texts";

const PANELS = {
  table: lazy(() => import("./TablePanel")),
  graph: lazy(() => import("./GraphPanel")),
};

const VIEWS = ["json", "table", "graph"] as const;
type View = (typeof VIEWS)[number];

/** Stands where GraphiQL shows the answer, which has no place for it; so it makes one. */
export function AnswerTabs() {
  const [view, setView] = useState<View>("json");
  const place = usePlace(view);
  const answer = useAnswer();
  const id = useId();
  if (!place) return null;
  const Panel = view === "json" ? null : PANELS[view];

  function move(event: KeyboardEvent) {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = VIEWS[(VIEWS.indexOf(view) + step + VIEWS.length) % VIEWS.length];
    if (step === 0 || !next) return;
    setView(next);
    document.getElementById(`${id}-${next}`)?.focus();
  }

  return createPortal(
    <>
      <div className="answer-tabs" role="tablist" aria-label={texts.answer.views} onKeyDown={move}>
        {VIEWS.map((one) => (
          <button
            key={one}
            id={`${id}-${one}`}
            type="button"
            role="tab"
            aria-selected={one === view}
            tabIndex={one === view ? 0 : -1}
            onClick={() => setView(one)}
          >
            {texts.answer.names[one]}
          </button>
        ))}
      </div>
      {Panel && (
        <div className="answer-panel" role="tabpanel" aria-labelledby={`${id}-${view}`} tabIndex={0}>
          <Suspense fallback={<Progress />}>{answer === null ? <p>{texts.answer.none}</p> : <Panel answer={answer} />}</Suspense>
        </div>
      )}
    </>,
    place,
  );
}

function usePlace(view: View): HTMLElement | null {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  useEffect(() => {
    const response = document.querySelector(".graphiql-response");
    const made = document.createElement("div");
    made.className = "answer-place";
    response?.prepend(made);
    setPlace(made);
    return () => made.remove();
  }, []);
  useEffect(() => {
    place?.setAttribute("data-view", view);
  }, [place, view]);
  return place;
}

/** What the editor of the answer holds; null where it is empty or no JSON, as while a subscription is told of an error. */
function useAnswer(): unknown {
  const editor = useGraphiQL((state) => state.responseEditor);
  const [text, setText] = useState("");
  useEffect(() => {
    if (!editor) return;
    setText(editor.getValue());
    const listening = editor.onDidChangeModelContent(() => setText(editor.getValue()));
    return () => listening.dispose();
  }, [editor]);
  const [answer, setAnswer] = useState<unknown>(null);
  useEffect(() => {
    try {
      setAnswer(JSON.parse(text));
    } catch {
      setAnswer(null);
    }
  }, [text]);
  return answer;
}
