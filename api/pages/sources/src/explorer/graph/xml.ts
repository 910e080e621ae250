// Text for XML files.

// What XML 1.0 cannot hold at all: control characters, halves of surrogate pairs, and two more.
const ILLEGAL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;" };

/** The text as an attribute's value or an element's content. */
export function escaped(text: string): string {
  return text.replace(ILLEGAL, "").replace(/[&<>"\n\r\t]/g, (character) => ENTITIES[character]!);
}

/** An element without content of its own: `<edge id="1"/>`; attributes that are null are left out. */
export function element(name: string, attributes: Record<string, string | number | null>, content = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join("");
  return content ? `<${name}${written}>${content}</${name}>` : `<${name}${written}/>`;
}
