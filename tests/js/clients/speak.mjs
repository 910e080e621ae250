// A client's side of the conversation in tests/clients/leading.py.

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

/** What a file of the page exports that stands in the current folder. */
export const recipe = (name) => import(pathToFileURL(name));

export const tell = (word, value) => process.stdout.write(`${word} ${JSON.stringify(value)}\n`);

/** Asks and subscribes as the lines of the standard input say, and ends with them. */
export async function speak({ ask, subscribe }) {
  for await (const line of createInterface({ input: process.stdin })) {
    const [, word, text] = line.match(/^(\w+) (.*)$/);
    const told = JSON.parse(text);
    if (word === "subscribe") subscribe(told, (event) => tell("event", event));
    else tell("answer", await ask(told).catch((error) => ({ failed: String(error) })));
  }
  process.exit(0);
}

export async function untilInputEnds() {
  await speak({});
}
