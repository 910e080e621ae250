// A page about a topic, a provider or a person: its articles, and beside them what it has to do with.
import "./browse.css";

import type { ReactNode } from "react";

import type { Asked } from "../client/useQuery";
import { formatSpan } from "../formats";
import { SmallGraph } from "../graph/SmallGraph";
import type { NodeKind } from "../nodes";
import { Answer } from "../parts/Answer";
import { Page } from "../parts/Page";
import { texts } from "../texts";
import { Gone } from "./Gone";

/** What all of them say of themselves. */
export interface Described {
  id: string;
  label: string;
  description: string | null;
  aliases: string[];
  articles: { totalCount: number; aggregate: { firstPublished: string | null; lastPublished: string | null } };
}

interface NodePageProps<Data, Node extends Described> {
  kind: NodeKind;
  asked: Asked<Data>;
  node: (data: Data) => Node | null;
  /** Beside the counts below the title. */
  meta?: (node: Node) => ReactNode;
  articles: (node: Node) => ReactNode;
  beside: (node: Node) => ReactNode;
}

export function NodePage<Data, Node extends Described>(props: NodePageProps<Data, Node>) {
  const { kind, asked, node: pick, meta, articles, beside } = props;
  const node = asked.data && pick(asked.data);
  return (
    <Page
      title={node?.label ?? texts.kinds[kind]}
      kicker={texts.kinds[kind]}
      meta={
        node && (
          <>
            <Facts {...node.articles} />
            {meta?.(node)}
          </>
        )
      }
    >
      <Answer asked={asked}>
        {(data) => {
          const found = pick(data);
          if (!found) return <Gone />;
          return (
            <>
              {found.description && <p className="description">{found.description}</p>}
              {found.aliases.length > 0 && <p className="names">{texts.browse.aliases(found.aliases)}</p>}
              <div className="columns-of-page">
                {articles(found)}
                <div className="beside">
                  {beside(found)}
                  <section>
                    <h2>{texts.graph.around}</h2>
                    <SmallGraph id={found.id} kind={kind} label={found.label} />
                  </section>
                </div>
              </div>
            </>
          );
        }}
      </Answer>
    </Page>
  );
}

function Facts({ totalCount, aggregate: { firstPublished, lastPublished } }: Described["articles"]) {
  return (
    <>
      <span>{texts.counts.ARTICLE(totalCount)}</span>
      {firstPublished && lastPublished && <span>{formatSpan(firstPublished, lastPublished)}</span>}
    </>
  );
}
