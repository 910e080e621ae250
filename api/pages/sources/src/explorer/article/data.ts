// What the page of an article shows.
import type { ArticleQuery } from "./article.operations";

export type ArticleData = NonNullable<ArticleQuery["article"]>;
