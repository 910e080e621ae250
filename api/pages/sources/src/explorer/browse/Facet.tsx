// A filter by one of the groups that the articles fall into, each with its number.
import { useId } from "react";

import { useParameters } from "../address";
import { formatNumber } from "../formats";
import { FIRST_PAGE } from "../parts/Pager";
import { texts } from "../texts";
import type { ArticleFacetFragment } from "./article-list.operations";

interface FacetProps {
  /** The parameter of the address. */
  name: "provider" | "topic";
  label: string;
  groups: ArticleFacetFragment[];
}

export function Facet({ name, label, groups }: FacetProps) {
  const [parameters, change] = useParameters();
  const id = useId();
  const chosen = parameters.get(name) ?? "";
  const known = groups.flatMap(({ node, count }) => (node ? [{ ...node, count }] : []));
  if (known.length < 2 && !chosen) return null;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={chosen} onChange={(event) => change({ [name]: event.target.value, ...FIRST_PAGE })}>
        <option value="">{texts.browse.all}</option>
        {chosen && !known.some((node) => node.id === chosen) && <option value={chosen}>{texts.browse.chosen}</option>}
        {known.map((node) => (
          <option key={node.id} value={node.id}>
            {node.label} ({formatNumber(node.count)})
          </option>
        ))}
      </select>
    </div>
  );
}
