import { recipe, speak } from "./speak.mjs";

const { client } = await recipe("request.mjs");

await speak({
  async ask({ query, variables }) {
    try {
      return { data: await client.request(query, variables) };
    } catch (error) {
      if (error.response?.errors) return { errors: error.response.errors };
      throw error;
    }
  },
});
