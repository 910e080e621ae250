// What the page of a story shows.
import type { StoryPageQuery } from "./story.operations";

export type Story = Extract<NonNullable<StoryPageQuery["node"]>, { tellings: unknown }>;
