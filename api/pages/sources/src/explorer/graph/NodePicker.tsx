// A field in which a node is found by its name: a combobox with what the search answers.
import { type KeyboardEvent, useEffect, useId, useState } from "react";

import { useQuery } from "../client/useQuery";
import { kindOf } from "../nodes";
import { texts } from "../texts";
import { GraphChoicesOperation } from "./graph.operations";
import type { Named, NodeKind } from "./model";

export interface Choice extends Named {
  kind: NodeKind;
}

interface NodePickerProps {
  label: string;
  placeholder?: string;
  /** What is chosen so far. */
  value?: Choice | null;
  /** Stories have neighborhoods, but no paths. */
  withStories?: boolean;
  choose: (choice: Choice) => void;
  /** What Enter does while nothing is pointed at; without it, Enter takes the first. */
  search?: (words: string) => void;
}

const PAUSE_MILLISECONDS = 180;

export function NodePicker({ label, placeholder, value = null, withStories = true, choose, search }: NodePickerProps) {
  const id = useId();
  const [words, setWords] = useState(value?.label ?? "");
  const [asked, setAsked] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const answer = useQuery(GraphChoicesOperation, asked ? { query: asked } : null);
  const choices: Choice[] = (asked ? (answer.data?.search.nodes ?? []) : [])
    .map((node) => ({ id: node.id, label: node.label, kind: kindOf(node.__typename) }))
    .filter(({ kind }) => withStories || kind !== "STORY");

  useEffect(() => setWords(value?.label ?? ""), [value?.id]);

  useEffect(() => {
    const timer = setTimeout(() => setAsked(isOpen ? queryOf(words) : ""), PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [words, isOpen]);

  function take(choice: Choice) {
    setWords(choice.label);
    setOpen(false);
    setActive(-1);
    choose(choice);
  }

  function press(event: KeyboardEvent) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (choices.length > 0) setActive((at) => (at + step + choices.length + (at < 0 && step < 0 ? 1 : 0)) % choices.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const choice = choices[active] ?? (search ? undefined : choices[0]);
      if (choice) take(choice);
      else if (search && words.trim()) {
        setOpen(false);
        search(words.trim());
      }
    } else if (event.key === "Escape") {
      setOpen(false);
      setActive(-1);
    }
  }

  const isShown = isOpen && choices.length > 0;
  return (
    <div className="node-picker">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="search"
        role="combobox"
        aria-expanded={isShown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isShown && active >= 0 ? `${id}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        value={words}
        onChange={({ target }) => {
          setWords(target.value);
          setOpen(true);
          setActive(-1);
        }}
        onKeyDown={press}
        onBlur={() => setOpen(false)}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={label} hidden={!isShown}>
        {choices.map((choice, index) => (
          <li
            key={choice.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            onPointerDown={(event) => {
              event.preventDefault(); // or the field would lose the focus before the choice is taken
              take(choice);
            }}
          >
            <span className="choice-kind">{texts.kinds[choice.kind]}</span> {choice.label}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The words, the last as a beginning; without what means something to the search. */
function queryOf(words: string): string {
  const plain = words.replace(/["“”*]/g, " ").trim();
  return plain.length < 2 ? "" : `${plain}*`;
}
