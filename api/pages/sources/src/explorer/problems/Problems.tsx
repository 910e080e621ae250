// What authors could mend: each mistake with its file and line, all of them or those of one kind.
import { Link } from "wouter";

import { addressOf, useParameters } from "../address";
import { useQuery } from "../client/useQuery";
import { formatNumber } from "../formats";
import { Answer } from "../parts/Answer";
import { EmptyState } from "../parts/EmptyState";
import { Page } from "../parts/Page";
import { Pager, pageVariables } from "../parts/Pager";
import { problemCode, texts } from "../texts";
import "./problems.css";
import { ProblemsOperation, type ProblemsQuery, type ProblemsQueryVariables } from "./problems.operations";

const PAGE_SIZE = 50;

type Counts = ProblemsQuery["snapshot"]["problemCounts"];

export default function Problems() {
  const [parameters] = useParameters();
  const code = problemCode(parameters.get("code"));
  const variables: ProblemsQueryVariables = { code, ...pageVariables(parameters, PAGE_SIZE) };
  const asked = useQuery(ProblemsOperation, variables);
  return (
    <Page title={texts.problemList.title} meta={<span>{texts.problemList.about}</span>}>
      <Answer asked={asked}>
        {({ snapshot: { problemCounts, problems } }) => (
          <div className="problem-columns">
            <Kinds counts={problemCounts} chosen={code} />
            <section aria-label={texts.problemList.title}>
              {problems.totalCount === 0 && <EmptyState title={texts.problemList.none} />}
              <ul className="lines">
                {problems.nodes.map(({ severity, message, file, line, fieldPath }, index) => (
                  <li key={index}>
                    <p>
                      <span className={`severity ${severity.toLowerCase()}`}>{texts.problemList.severities[severity]}</span>{" "}
                      {message}
                    </p>
                    <p className="place">
                      {file}
                      {line !== null && `:${line}`}
                      {fieldPath && ` · ${fieldPath}`}
                    </p>
                  </li>
                ))}
              </ul>
              <Pager info={problems.pageInfo} />
            </section>
          </div>
        )}
      </Answer>
    </Page>
  );
}

function Kinds({ counts, chosen }: { counts: Counts; chosen: string | null }) {
  const ordered = counts.toSorted((a, b) => b.count - a.count);
  return (
    <nav aria-label={texts.problemList.kinds}>
      <ul className="plain">
        <li>
          <Link href="/problems" aria-current={chosen === null ? "true" : undefined}>
            {texts.problemList.all}
          </Link>
        </li>
        {ordered.map(({ code, count }) => (
          <li key={code}>
            <Link href={addressOf("/problems", { code })} aria-current={chosen === code ? "true" : undefined}>
              {formatNumber(count)} {texts.problems(code, count)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
