/** The parts of an OpenAPI document that the HTTP tests go by. */
export interface Schema {
  readonly description?: string;
  readonly items?: Schema;
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minItems?: number;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

export interface OperationSpec {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly "x-access": "public" | "member" | "staff";
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: "path" | "query";
    readonly description?: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Record<string, unknown> }>
  >;
}

export interface OpenApi {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationSpec>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
    readonly securitySchemes?: Readonly<Record<string, unknown>>;
  };
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly spec: OperationSpec;
}

export function operationsOf(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, spec]) => ({ method, path, spec })),
  );
}

/** The schema of a request's body with its references followed, or null. */
export function bodySchemaOf(document: OpenApi, { spec }: Operation): Schema | null {
  const schema = spec.requestBody?.content["application/json"]?.schema;
  return schema ? follow(document, schema) : null;
}

/** A schema with its references followed and its parts put together. */
export function follow(document: OpenApi, schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  if (name !== undefined) {
    const target = document.components.schemas[name];
    if (!target) throw new Error(`the document has no schema ${name}`);
    return follow(document, target);
  }
  if (!schema.allOf) return schema;
  const parts = schema.allOf.map((part) => follow(document, part));
  return {
    ...schema,
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)) as NonNullable<
      Schema["properties"]
    >,
    required: parts.flatMap(({ required }) => required ?? []),
  };
}

export function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`the tests know no value for {${name}}`);
    return value;
  });
}
