// The nodes that a table is narrowed to, each with a way to take it back.
import { useParameters } from "../address";
import { useQuery } from "../client/useQuery";
import { FIRST_PAGE } from "../parts/Pager";
import { texts } from "../texts";
import { ChosenNodesOperation } from "./chosen-nodes.operations";

/** `names` are the parameters of the address that hold ids. */
export function ChosenNodes({ names }: { names: string[] }) {
  const [parameters, change] = useParameters();
  const chosen = names.flatMap((name) => {
    const id = parameters.get(name);
    return id ? [{ name, id }] : [];
  });
  const asked = useQuery(ChosenNodesOperation, chosen.length > 0 ? { ids: chosen.map(({ id }) => id) } : null);
  const labels = new Map(asked.data?.nodes.flatMap((node) => (node ? [[node.id, node.label] as const] : [])));
  return chosen.map(({ name, id }) => (
    <button key={name} type="button" className="quiet" onClick={() => change({ [name]: null, ...FIRST_PAGE })}>
      {labels.get(id) ?? id}
      <span aria-hidden="true"> ×</span>
      <span className="unseen"> {texts.table.takeBack}</span>
    </button>
  ));
}
