// Colours for a canvas, which knows nothing of the tokens.
import { tokenColor } from "../theme";
import type { Token } from "./appearance";
import type { Inks } from "./exports/svg";

/** The colour of a token in the present theme as `#rrggbb`, each looked up once. */
export function tokenColours(): (token: Token) => string {
  const known = new Map<Token, string>();
  return (token) => {
    const found = known.get(token) ?? hexOf(tokenColor(token));
    known.set(token, found);
    return found;
  };
}

export function inksOf(colourOf: (token: Token) => string): Inks {
  const [paper, ink, soft] = [colourOf("--paper"), colourOf("--ink"), colourOf("--ink-soft")];
  return { paper, ink, soft, line: mixed(soft, paper, 0.45) };
}

/** A colour with so much of itself, and the rest of another one. */
export function mixed(colour: string, other: string, share: number): string {
  const [one, two] = [numbersOf(colour), numbersOf(other)];
  return hex(one.map((value, index) => value * share + two[index]! * (1 - share)));
}

function hexOf(rgb: string): string {
  return hex((rgb.match(/[\d.]+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number));
}

function numbersOf(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function hex(values: number[]): string {
  return `#${values.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}
