// What other files say differently about an article: for each field the value that holds, and who says what else.
import { texts } from "../texts";
import type { ArticleData } from "./data";

export function Conflicts({ article }: { article: ArticleData }) {
  const fields = Map.groupBy(article.conflicts, ({ field }) => field);
  if (fields.size === 0) return null;
  return (
    <section>
      <h2>{texts.article.conflicts}</h2>
      <p className="said">{texts.article.conflictsAbout}</p>
      {[...fields].map(([field, conflicts]) => (
        <details key={field} className="conflict" open={fields.size <= MOST_OPEN}>
          <summary>
            <strong>{field}</strong> {texts.article.otherValues(byValue(conflicts).size)}
          </summary>
          <dl>
            {field in article && (
              <>
                <dt>{texts.article.holds}</dt>
                <dd>{shownValue(article[field as keyof ArticleData])}</dd>
              </>
            )}
            {[...byValue(conflicts)].map(([value, sources]) => (
              <div key={value}>
                <dt>{texts.article.saidBy(sources.length)}</dt>
                <dd>
                  {value}
                  <ul>
                    {sources.slice(0, MOST_SOURCES).map(({ file, fieldPath }) => (
                      <li key={`${file} ${fieldPath}`} className="said">
                        {file} · {fieldPath}
                      </li>
                    ))}
                    {sources.length > MOST_SOURCES && (
                      <li className="said">{texts.article.moreSources(sources.length - MOST_SOURCES)}</li>
                    )}
                  </ul>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      ))}
    </section>
  );
}

const MOST_OPEN = 2;
const MOST_SOURCES = 5;
const MOST_CHARACTERS = 400;

function byValue(conflicts: ArticleData["conflicts"]): Map<string, ArticleData["conflicts"]> {
  return Map.groupBy(conflicts, ({ value }) => shownValue(value));
}

function shownValue(value: unknown): string {
  if (value === null || value === undefined) return texts.article.noValue;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
