import { recipe, speak } from "./speak.mjs";

const { queries, asking } = await recipe("tanstack.mjs");

await speak({
  async ask({ query, variables }) {
    try {
      return { data: await queries.fetchQuery(asking(query, variables)) };
    } catch (error) {
      if (error.response?.errors) return { errors: error.response.errors };
      throw error;
    }
  },
});
