// A GraphQL operation with the types of its answer and of its variables, as operations.mjs makes them.

export interface Operation<Data, Variables> {
  name: string;
  text: string;
  /** Never there: it binds the types to the operation. */
  types?: (variables: Variables) => Data;
}
