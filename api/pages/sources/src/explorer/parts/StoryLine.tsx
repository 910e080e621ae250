// A story in a list: its headline, how many told it and when.
import { formatSpan } from "../formats";
import { texts } from "../texts";
import { NodeLink } from "./NodeLink";
import type { StoryLineFragment } from "./story-line.operations";

export function StoryLine({ story }: { story: StoryLineFragment }) {
  const { firstPublished, lastPublished } = story;
  return (
    <div className="article-line">
      <NodeLink kind="STORY" id={story.id} className="title">
        {story.label}
      </NodeLink>
      <p className="byline">
        <span>{texts.counts.ARTICLE(story.articleCount)}</span>
        <span>{texts.counts.PROVIDER(story.providerCount)}</span>
        {firstPublished && lastPublished && <span>{formatSpan(firstPublished, lastPublished)}</span>}
      </p>
    </div>
  );
}
