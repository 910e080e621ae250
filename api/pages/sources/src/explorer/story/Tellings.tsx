// Who told what when: the articles of a story by day, with how long it was silent in between.
import { formatDay, formatTime } from "../formats";
import { NodeLink } from "../parts/NodeLink";
import { texts } from "../texts";
import type { Story } from "./data";

type Telling = Story["tellings"]["nodes"][number];

const DAY = 86_400_000;

interface TellingsProps {
  articles: Telling[];
  leadId: string;
  /** Whether it is known who told the story before. */
  isWhole: boolean;
}

export function Tellings({ articles, leadId, isWhole }: TellingsProps) {
  const days = byDay(articles);
  const told = new Set<string>();
  return (
    <>
      {isWhole && <p className="found">{texts.story.firsts}</p>}
      <ol className="tellings">
        {days.map(({ day, tellings }, index) => {
          const silence = silentDays(days[index - 1]?.day, day);
          return (
            <li key={day}>
              {silence > 1 && <p className="silence">{texts.story.silence(silence)}</p>}
              <h3>{day ? formatDay(day) : texts.story.undated}</h3>
              <ol>
                {tellings.map((article) => {
                  const isFirst = isWhole && article.provider !== null && !told.has(article.provider.id);
                  if (article.provider) told.add(article.provider.id);
                  return <TellingLine key={article.id} article={article} isLead={article.id === leadId} isFirst={isFirst} />;
                })}
              </ol>
            </li>
          );
        })}
      </ol>
    </>
  );
}

function TellingLine({ article, isLead, isFirst }: { article: Telling; isLead: boolean; isFirst: boolean }) {
  const { id, label, provider, publishedDateTime, excerpt } = article;
  return (
    <li className={isLead ? "telling lead" : "telling"}>
      <p className="byline">
        {publishedDateTime && <time dateTime={publishedDateTime}>{formatTime(publishedDateTime)}</time>}
        {provider && (
          <NodeLink kind="PROVIDER" id={provider.id} className={isFirst ? "first" : undefined}>
            {provider.label}
          </NodeLink>
        )}
        {isLead && <strong>{texts.story.isLead}</strong>}
      </p>
      <NodeLink kind="ARTICLE" id={id} className="title">
        {label}
      </NodeLink>
      {isLead && excerpt && <p className="excerpt">{excerpt}</p>}
    </li>
  );
}

/** In the order given; those without a date have the day "". */
function byDay(articles: Telling[]): { day: string; tellings: Telling[] }[] {
  const days = new Map<string, Telling[]>();
  for (const article of articles) {
    const day = article.publishedDateTime?.slice(0, 10) ?? "";
    days.set(day, [...(days.get(day) ?? []), article]);
  }
  return [...days].map(([day, tellings]) => ({ day, tellings }));
}

function silentDays(before: string | undefined, day: string): number {
  return before && day ? Math.round((Date.parse(day) - Date.parse(before)) / DAY) : 0;
}
