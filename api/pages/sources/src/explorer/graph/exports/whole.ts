// What all exports of a picture are made from: exactly the nodes and edges that are seen, where they are seen.
import type { Colouring, Token } from "../appearance.ts";
import type { Positions } from "../layout.ts";
import type { Seen } from "../model.ts";

export interface Exported {
  seen: Seen;
  positions: Positions;
  sizes: ReadonlyMap<string, number>;
  colours: Colouring;
  /** The colour of a token as `#rrggbb`. */
  colourOf: (token: Token) => string;
  /** The address of a node's page. */
  addressOf: (id: string) => string | null;
  title: string;
}

/** Red, green and blue of `#rrggbb`, from 0 to 255. */
export function components(colour: string): [red: number, green: number, blue: number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
