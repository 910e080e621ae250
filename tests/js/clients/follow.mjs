// Tells what the page's `follow` tells: the titles of what was updated, null where that is not known. Argument: the version to begin with.

import { recipe, tell, untilInputEnds } from "./speak.mjs";

const { follow } = await recipe("follow.mjs");

follow(process.argv[2], (changes) => tell("event", changes && changes.updated.nodes.map(({ title }) => title)));
await untilInputEnds();
