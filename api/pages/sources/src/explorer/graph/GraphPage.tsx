// The Graph page: a picture of a part of the graph, which the reader opens further, node by node. All of it stands in the address.
import "./graph.css";

import { useEffect, useMemo, useState } from "react";

import { nodeAddress } from "../nodes";
import { useParameters } from "../address";
import { EmptyState } from "../parts/EmptyState";
import { ErrorState } from "../parts/ErrorState";
import { NodeLink } from "../parts/NodeLink";
import { Page } from "../parts/Page";
import { Progress } from "../parts/Progress";
import { texts } from "../texts";
import { useTheme } from "../theme";
import { type Colouring, colouring, sizes as sizesOf } from "./appearance";
import { inksOf, tokenColours } from "./colours";
import { Drawing } from "./Drawing";
import { ExportMenu } from "./ExportMenu";
import { GraphCanvas } from "./GraphCanvas";
import { type Entry, Legend } from "./Legend";
import { edgesByNode, type GraphNode, modelOf, type Part, type Seen, seenOf } from "./model";
import { NodeList } from "./NodeList";
import { NodePanel } from "./NodePanel";
import { NodePicker } from "./NodePicker";
import { PathPanel } from "./PathPanel";
import { pictureOf, shortened } from "./picture";
import { type Answered, PAGE, requestOf, requestOfNeighbors } from "./requests";
import { canDraw, type Emphasis, type Look } from "./stage";
import { StartPanel } from "./StartPanel";
import { useAnswers } from "./useAnswers";
import { useArrangement } from "./useArrangement";
import { COLOURS, parametersOf, PLAIN_VIEW, SIZES, type Start, type View, viewOf } from "./view";

const canMove = canDraw();
/** Of each of two nodes in a title. */
const TITLE_LETTERS = 48;
const STILL = { width: 1000, height: 640, fontSize: 12, mostLetters: 36, mostLabels: 60, first: [] };

export default function GraphPage() {
  const [parameters, change] = useParameters();
  const view = useMemo(() => viewOf(parameters), [parameters]);
  const [isChoosing, setChoosing] = useState(false);
  const [way, setWay] = useState(0);
  const [pointed, setPointed] = useState<Entry | null>(null);
  const { start } = view;
  const isConnecting = isChoosing || start.from === "path";

  const requests = useMemo(
    () => [requestOf(start), ...view.opened.map(requestOfNeighbors)].filter((request) => request !== null),
    [start, view.opened],
  );
  const answers = useAnswers(requests);
  const first = start.from === "nowhere" ? null : (answers.all[0] ?? null);
  const come = requests.filter((_, index) => answers.all[index] !== null).map((request) => request.key).join("\n");

  const roots = useMemo(() => [...rootsOf(start), ...view.opened], [start, view.opened]);
  const model = useMemo(() => {
    const parts: Part[] = answers.all.flatMap((answered) => answered?.part ?? []);
    return modelOf(parts, roots);
  }, [come, roots]); // the questions that were answered stand for the answers
  const seen = useMemo(
    () =>
      seenOf(model, {
        nodeKinds: new Set(view.hiddenNodeKinds),
        edgeKinds: new Set(view.hiddenEdgeKinds),
        nodes: new Set(view.without),
      }),
    [model, view.hiddenNodeKinds, view.hiddenEdgeKinds, view.without],
  );
  const sizes = useMemo(() => sizesOf(seen.nodes, view.sizeBy), [seen, view.sizeBy]);
  const arrangement = useArrangement(seen, sizes, roots);
  const colours = useMemo(() => colouring(seen.nodes, view.colourBy, { kind: (kind) => texts.graph.kindNames[kind], community: texts.graph.community }), [seen, view.colourBy]);
  const edges = useMemo(() => edgesByNode(seen.edges), [seen]);
  const chosenWay = first?.ways[way] ?? null;
  const look = useLook(arrangement.seen, arrangement.positions, sizes, colours, view.selected, chosenWay, pointed, roots);

  useEffect(() => setWay(0), [start]);
  // A story is no node of the picture: what it stands for are its articles.
  useEffect(() => {
    if (start.from === "node" && first?.node?.kind === "STORY") set({ start: { from: "story", id: start.id } }, true);
  }, [start, first]);

  function set(changes: Partial<View>, replace = false) {
    change(parametersOf({ ...view, ...changes }), { replace });
  }
  const begin = (from: Start) => {
    setChoosing(false);
    set({ ...PLAIN_VIEW, colourBy: view.colourBy, sizeBy: view.sizeBy, start: from });
  };
  const beginAt = ({ id, kind }: Pick<GraphNode, "id" | "kind">) => begin({ from: kind === "STORY" ? "story" : "node", id });
  const connect = (source: string, target: string, throughHubs = false) => begin({ from: "path", source, target, throughHubs });
  const select = (id: string | null) => set({ selected: id }, true);
  const open = (id: string) => {
    if (!view.opened.includes(id)) set({ opened: [...view.opened, id], selected: id });
  };

  const title = titleOf(start, first);
  const selected = view.selected === null ? null : (model.nodes.get(view.selected) ?? null);
  const label = texts.graph.pictureOf(title, seen.nodes.length, seen.edges.length);
  const more = seen.moreNodes + Math.max(0, (first?.totalCount ?? 0) - PAGE);
  const exported = () => ({
    seen: arrangement.seen,
    positions: arrangement.positions,
    sizes,
    colours,
    title,
    addressOf: (id: string) => {
      const node = model.nodes.get(id);
      return node ? new URL(`#${nodeAddress(node.kind, id)}`, location.href).href : null;
    },
  });

  return (
    <Page title={title} kicker={start.from === "nowhere" ? undefined : texts.graph.title} meta={first?.node && <PageLink node={first.node} />}>
      <div className="graph-page">
        <div className="graph-tools">
          <NodePicker
            label={texts.graph.beginAt}
            placeholder={texts.graph.findNode}
            choose={beginAt}
            search={(words) => begin({ from: "search", text: words })}
          />
          {start.from !== "path" && (
            <button type="button" className="quiet" aria-pressed={isChoosing} onClick={() => setChoosing(!isChoosing)}>
              {texts.graph.connect}
            </button>
          )}
          {seen.nodes.length > 0 && (
            <>
              <Choice label={texts.graph.colour} options={COLOURS} names={texts.graph.colours} value={view.colourBy} choose={(colourBy) => set({ colourBy }, true)} />
              <Choice label={texts.graph.size} options={SIZES} names={texts.graph.sizes} value={view.sizeBy} choose={(sizeBy) => set({ sizeBy }, true)} />
              <button type="button" className="quiet" onClick={arrangement.again}>
                {texts.graph.arrange}
              </button>
              <ExportMenu what={exported} />
            </>
          )}
        </div>
        {start.from === "nowhere" && !isConnecting && <StartPanel />}
        {answers.error && <ErrorState error={answers.error} retry={answers.retry} />}
        {(start.from !== "nowhere" || isConnecting) && (
          <div className="graph-room" aria-busy={answers.isLoading || arrangement.isBusy}>
            <div className="graph-picture">
              {look && look.seen.nodes.length > 0 ? (
                canMove ? (
                  <GraphCanvas look={look} label={label} events={{ select, open, move: arrangement.move }} />
                ) : (
                  <>
                    <p className="hint">{texts.graph.noWebgl}</p>
                    <Drawing picture={pictureOf(look.seen, look.positions, sizes, colours, STILL)} label={label} />
                  </>
                )
              ) : (
                <Nothing start={start} answered={first} isBusy={answers.isLoading || arrangement.isBusy} hasFailed={answers.error !== null} />
              )}
              {seen.nodes.length > 0 && (
                <p className="graph-count" role="status">
                  {texts.graph.seen(seen.nodes.length, seen.edges.length)}
                  {more > 0 && <strong> {texts.graph.moreNodes(more)}</strong>}
                  {seen.moreEdges > 0 && <strong> {texts.graph.moreEdges(seen.moreEdges)}</strong>}
                  {view.without.length > 0 && (
                    <button type="button" className="link" onClick={() => set({ without: [] })}>
                      {texts.graph.showRemoved(view.without.length)}
                    </button>
                  )}
                </p>
              )}
              {model.nodes.size > 0 && (
                <Legend
                  key={view.colourBy}
                  model={model}
                  groups={colours.groups}
                  colourBy={view.colourBy}
                  hiddenNodeKinds={view.hiddenNodeKinds}
                  hiddenEdgeKinds={view.hiddenEdgeKinds}
                  point={setPointed}
                  toggleNodeKind={(kind) => set({ hiddenNodeKinds: toggled(view.hiddenNodeKinds, kind) }, true)}
                  toggleEdgeKind={(kind) => set({ hiddenEdgeKinds: toggled(view.hiddenEdgeKinds, kind) }, true)}
                />
              )}
            </div>
            <aside className="graph-side" aria-label={texts.graph.side}>
              {isConnecting && (
                <PathPanel start={start} answered={first} way={way} chooseWay={setWay} connect={connect} select={select} />
              )}
              {selected && (
                <NodePanel
                  node={selected}
                  edges={edges.get(selected.id) ?? []}
                  nodes={model.nodes}
                  isOpened={view.opened.includes(selected.id)}
                  select={select}
                  open={open}
                  close={(id) => set({ opened: view.opened.filter((other) => other !== id) })}
                  remove={(id) => set({ without: [...view.without, id], selected: null })}
                  begin={beginAt}
                  connect={connect}
                />
              )}
              {!selected && !isConnecting && <p className="hint">{texts.graph.howTo}</p>}
            </aside>
          </div>
        )}
        {seen.nodes.length > 0 && (
          <NodeList nodes={seen.nodes} edges={edges} selected={view.selected} opened={view.opened} select={select} open={open} />
        )}
      </div>
    </Page>
  );
}

function PageLink({ node: { id, kind } }: { node: GraphNode }) {
  return (
    <NodeLink kind={kind} id={id}>
      {texts.graph.pageOf[kind]}
    </NodeLink>
  );
}

/** What the picture depends on; null until something has a place. */
function useLook(
  seen: Look["seen"],
  positions: Look["positions"],
  sizes: Look["sizes"],
  colours: Colouring,
  selected: string | null,
  way: Answered["ways"][number] | null,
  pointed: Entry | null,
  roots: readonly string[],
): Look | null {
  const theme = useTheme();
  return useMemo(() => {
    if (seen.nodes.length === 0) return null;
    const colourOf = tokenColours();
    return {
      seen,
      positions,
      sizes,
      colours: new Map(seen.nodes.map((node) => [node.id, colourOf(colours.tokenOf(node))])),
      inks: inksOf(colourOf),
      accent: colourOf("--accent"),
      selected,
      emphasis: way && { nodes: new Set(way.nodes.map((node) => node.id)), edges: new Set(way.edges) },
      pointed: pointed && meantBy(pointed, seen, colours),
      roots: new Set(roots),
    };
  }, [seen, positions, sizes, colours, selected, way, pointed, roots, theme]);
}

/** What an entry of the legend stands for among what is seen; null if that is nothing. */
function meantBy({ of, key }: Entry, { nodes, edges }: Seen, colours: Colouring): Emphasis | null {
  const meant = of === "edges" ? edges.filter(({ kind }) => kind === key) : [];
  const ends = new Set(meant.flatMap(({ source, target }) => [source, target]));
  const ofNode: Record<Entry["of"], (node: GraphNode) => boolean> = {
    group: (node) => colours.groupOf(node) === key,
    nodes: ({ kind }) => kind === key,
    edges: ({ id }) => ends.has(id),
  };
  const found = nodes.filter(ofNode[of]);
  return found.length === 0 ? null : { nodes: new Set(found.map(({ id }) => id)), edges: new Set(meant.map((edge) => edge.key)) };
}

function Nothing({ start, answered, isBusy, hasFailed }: { start: Start; answered: Answered | null; isBusy: boolean; hasFailed: boolean }) {
  if (hasFailed) return null;
  if (isBusy) return <Progress />;
  if (start.from === "nowhere") return <EmptyState title={texts.graph.chooseTwo} />;
  const isUnknown = answered !== null && answered.node === null && (start.from === "node" || start.from === "story");
  return <EmptyState title={isUnknown ? texts.graph.unknown : texts.graph.nothing} />;
}

interface ChoiceProps<T extends string> {
  label: string;
  options: readonly T[];
  names: Record<T, string>;
  value: T;
  choose: (value: T) => void;
}

function Choice<T extends string>({ label, options, names, value, choose }: ChoiceProps<T>) {
  return (
    <label className="choice">
      <span>{label}</span>
      <select value={value} onChange={({ target }) => choose(target.value as T)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {names[option]}
          </option>
        ))}
      </select>
    </label>
  );
}

function rootsOf(start: Start): string[] {
  if (start.from === "node") return [start.id];
  return start.from === "path" ? [start.source, start.target] : [];
}

function titleOf(start: Start, answered: Answered | null): string {
  switch (start.from) {
    case "nowhere":
      return texts.graph.title;
    case "search":
      return texts.graph.searchFor(start.text);
    case "filter":
      return texts.graph.filtered;
    case "path": {
      const nodes = new Map(answered?.part.nodes.map((node) => [node.id, node.label]));
      const [source, target] = [nodes.get(start.source), nodes.get(start.target)];
      return source && target ? texts.graph.between(shortened(source, TITLE_LETTERS), shortened(target, TITLE_LETTERS)) : texts.graph.connect;
    }
    default:
      return answered?.node?.label ?? texts.graph.title;
  }
}

function toggled<T>(list: readonly T[], one: T): T[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}
