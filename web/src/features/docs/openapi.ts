/** What the page shows of /api/v1/openapi.json. */

export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  items?: Schema;
  anyOf?: Schema[];
}
interface Media {
  schema: Schema;
  example?: unknown;
}
export interface Answer {
  $ref?: string;
  description?: string;
  content?: Record<string, Media>;
}
export interface Parameter {
  name: string;
  in: string;
  required: boolean;
  description: string;
  schema: Schema;
  example?: unknown;
}
export interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  'x-permission': string;
  'x-limit-class': string;
  'x-weight': number;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Answer>;
}
export interface ApiDocument {
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Answer>; schemas: Record<string, Schema> };
}

export interface Call {
  method: string;
  path: string;
  operation: Operation;
}
export interface Group {
  tag: string;
  calls: Call[];
}

/** By tag in the document's order; only those that have every word of `filter` in path, method, summary or permission. */
export function groupsOf(document: ApiDocument, filter = ''): Group[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, Call[]>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const text = `${method} ${path} ${operation.summary} ${operation['x-permission']}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) continue;
      const tag = operation.tags[0] ?? '';
      groups.set(tag, [...(groups.get(tag) ?? []), { method: method.toUpperCase(), path, operation }]);
    }
  }
  return [...groups].map(([tag, calls]) => ({ tag, calls }));
}

/** "integer 1 … 500", "arbitrage | sandwich", "list of Finding". */
export function typeText(schema: Schema): string {
  if (schema.$ref) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' | ');
  if (schema.enum) return schema.enum.join(' | ');
  if (schema.items) return `list of ${typeText(schema.items)}`;
  const low = schema.minimum !== undefined ? ` ${schema.minimum}` : '';
  const high = schema.maximum !== undefined ? ` … ${schema.maximum}` : low ? ' or more' : '';
  return `${schema.format === 'date-time' ? 'time' : (schema.type ?? 'any')}${low}${high}`;
}

/** An answer as it stands, or the shared one that it names. */
export function answerOf(document: ApiDocument, answer: Answer): Answer {
  if (!answer.$ref) return answer;
  return document.components.responses[answer.$ref.slice(answer.$ref.lastIndexOf('/') + 1)] ?? answer;
}

/** A call as it is typed into a shell. */
export function curlOf({ method, path, operation }: Call, origin: string): string {
  const shown = (value: unknown) => encodeURIComponent(Array.isArray(value) ? value.join(',') : String(value));
  const target = (operation.parameters ?? [])
    .filter((p) => p.in === 'path')
    .reduce((text, p) => text.replace(`{${p.name}}`, shown(p.example)), path);
  const parts = ['curl', ...(method === 'GET' ? [] : ['-X', method])];
  if (operation['x-permission'] !== 'public.read') parts.push('-H', '"Authorization: Bearer $TOKEN"');
  const body = operation.requestBody?.content['application/json']?.example;
  if (body !== undefined) parts.push('-H', "'Content-Type: application/json'", '-d', `'${JSON.stringify(body).replaceAll("'", "'\\''")}'`);
  return [...parts, `'${origin}${target}'`].join(' ');
}
