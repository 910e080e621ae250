// The body of an article, as elements of this page.
//
// The service has made the HTML safe; here nothing of it is taken as markup again: it is parsed apart from the page, and of the
// elements and attributes that are known new ones are made. So styles stay out, which the page's policy would refuse, and pictures
// of other hosts are shown as links, which it would refuse too.
import { createElement, Fragment, type ReactNode } from "react";
import { Link } from "wouter";

import { nodeAddress } from "../nodes";
import { texts } from "../texts";
import { Picture } from "./Picture";

interface BodyProps {
  html: string;
  /** Articles that it links to: their addresses lead to their pages here. */
  known: { id: string; url: string | null; path: string | null }[];
  /** Where the article itself is, which addresses in it may be relative to. */
  url: string | null;
  path: string | null;
}

/** Elements that stay; of others only the content does. */
const ELEMENTS = new Set(
  // prettier-ignore
  ["abbr", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "dl", "dt",
   "em", "figcaption", "figure", "hr", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "strong",
   "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "wbr"],
);
const VOID = new Set(["br", "col", "hr", "wbr"]);
/** Content that is never shown as text. */
const DROPPED = new Set(["script", "style", "template", "iframe", "object", "embed", "svg", "math", "head", "title", "form"]);
/** Attributes that stay, with React's names for them. */
const ATTRIBUTES: Record<string, string> = {
  colspan: "colSpan",
  datetime: "dateTime",
  dir: "dir",
  lang: "lang",
  open: "open",
  reversed: "reversed",
  rowspan: "rowSpan",
  scope: "scope",
  start: "start",
  title: "title",
};
const TRUE_WHEN_THERE = new Set(["open", "reversed"]);
const HEADING = /^h([1-6])$/;
const LOWEST_HEADING = 6;
const WEB = /^(https?|mailto):$/;

export function Body({ html, known, url, path }: BodyProps) {
  const pages = new Map<string, string>();
  for (const article of known) {
    const page = nodeAddress("ARTICLE", article.id);
    if (article.url) pages.set(plain(article.url), page);
    if (article.path) pages.set(plain(`${UNKNOWN_SITE}/${article.path}`), page);
  }
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const place = `${UNKNOWN_SITE}/${(path ?? "").replace(/^\//, "")}`;
  return <div className="article-body">{contentOf(parsed.body, { pages, url, place })}</div>;
}

/** The host of articles of which only the path is known. */
const UNKNOWN_SITE = "https://site.invalid";

interface Surroundings {
  /** Pages here by the addresses that lead to them. */
  pages: Map<string, string>;
  url: string | null;
  /** The article's path on its site. */
  place: string;
}

/** Addresses are compared without what does not change where they lead; a file's ending is not a part of its path. */
function plain(address: string): string {
  if (!URL.canParse(address)) return address;
  const { origin, pathname, search } = new URL(address);
  return `${origin}${pathname.replace(/^\/+/, "/").replace(/(\.mdx?|\.html?)?\/?$/, "")}${search}`;
}

function resolved(address: string, base: string | null): string | null {
  return URL.canParse(address, base ?? undefined) ? new URL(address, base ?? undefined).href : null;
}

function contentOf(parent: Node, around: Surroundings): ReactNode[] {
  return [...parent.childNodes].map((child, index) => <Fragment key={index}>{elementOf(child, around)}</Fragment>);
}

function elementOf(node: Node, around: Surroundings): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return isBetweenRows(node) ? null : node.textContent;
  if (!(node instanceof HTMLElement)) return null;
  const name = node.localName;
  if (DROPPED.has(name)) return null;
  if (name === "img") return <Picture address={node.getAttribute("src") ?? ""} base={around.url} text={node.getAttribute("alt")} />;
  if (name === "a") return linkOf(node, around);

  const level = HEADING.exec(name)?.[1];
  if (level) {
    // The page's own title is above them all.
    const lower = `h${Math.min(Number(level) + 1, LOWEST_HEADING)}`;
    return createElement(lower, { id: node.id || undefined }, ...contentOf(node, around));
  }
  if (!ELEMENTS.has(name)) return <>{contentOf(node, around)}</>;
  if (VOID.has(name)) return createElement(name);
  const own = createElement(name, attributesOf(node), ...contentOf(node, around));
  // A wide table or a long line scrolls by itself, also by the keyboard.
  if (name !== "table" && name !== "pre") return own;
  return (
    <div className="wide" tabIndex={0} role="group" aria-label={name === "table" ? texts.article.table : texts.article.code}>
      {own}
    </div>
  );
}

/** React knows no text between the rows of a table. */
function isBetweenRows(node: Node): boolean {
  const parent = node.parentElement?.localName ?? "";
  return ["table", "tbody", "thead", "tfoot", "tr", "colgroup"].includes(parent) && !node.textContent?.trim();
}

function attributesOf(element: HTMLElement): Record<string, string | boolean> {
  const kept: Record<string, string | boolean> = {};
  for (const { name, value } of element.attributes) {
    const known = ATTRIBUTES[name];
    if (known) kept[known] = TRUE_WHEN_THERE.has(name) || value;
  }
  return kept;
}

function linkOf(element: HTMLElement, around: Surroundings): ReactNode {
  const address = element.getAttribute("href") ?? "";
  const content = contentOf(element, around);
  if (address.startsWith("#")) {
    return (
      <button type="button" className="link" onClick={() => placeInBody(address)?.scrollIntoView()}>
        {content}
      </button>
    );
  }
  const absolute = resolved(address, around.url);
  const page = [absolute, resolved(address, around.place)].map((found) => found && around.pages.get(plain(found))).find(Boolean);
  if (page) return <Link href={page}>{content}</Link>;
  if (!absolute || !WEB.test(new URL(absolute).protocol)) return <>{content}</>;
  return (
    <a href={absolute} rel="noopener noreferrer">
      {content}
    </a>
  );
}
/** The heading that `#…` names, written as it is or with percent signs. */
function placeInBody(address: string): HTMLElement | null {
  const id = address.slice(1);
  try {
    return document.getElementById(id) ?? document.getElementById(decodeURIComponent(id));
  } catch {
    return null; // a percent sign that stands for itself
  }
}
