import { answerOf, typeText, type ApiDocument, type Schema } from '@/features/docs/openapi';
import type { ChannelSource, EndpointSource, FilterValue, Source } from './board';

/** What a widget can be fed with: every reading route of the OpenAPI document, every channel of the AsyncAPI one. */

export interface OfferParameter {
  name: string;
  isRequired: boolean;
  description: string;
  type: string;
  choices: string[];
  example: string;
}

export interface Offer {
  kind: Source['kind'];
  /** The path, or the channel's name. */
  name: string;
  summary: string;
  permission: string;
  parameters: OfferParameter[];
  /** An answer, or what an event carries. */
  example: unknown;
}

interface Channel {
  summary: string;
  permission: string;
  filter: { properties: Record<string, Schema & { description?: string }> };
}
export interface StreamDocument {
  channels: { live: { 'x-subscriptions': Record<string, Channel> } };
  components: { messages: Record<string, { examples?: { payload: { data?: unknown } }[] }> };
}

const choicesOf = (schema: Schema): string[] => schema.enum ?? schema.items?.enum ?? (schema.type === 'boolean' ? ['true', 'false'] : []);
const shownExample = (value: unknown): string => (Array.isArray(value) ? value.join(',') : value === undefined || value === null ? '' : String(value));

function endpointsOf(document: ApiDocument): Offer[] {
  const offers: Offer[] = [];
  for (const [path, { get: operation }] of Object.entries(document.paths)) {
    if (!operation || !path.startsWith('/api/v1/') || /openapi|asyncapi|\/shared\//.test(path)) continue;
    const good = operation.responses['200'];
    const media = good ? answerOf(document, good).content?.['application/json'] : undefined;
    if (!media) continue;
    const parameters = (operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'path' || parameter.in === 'query')
      .map(({ name, required, description, schema, example }) => ({ name, isRequired: required, description, type: typeText(schema), choices: choicesOf(schema), example: shownExample(example) }));
    offers.push({ kind: 'endpoint', name: path, summary: operation.summary, permission: operation['x-permission'], parameters, example: media.example });
  }
  return offers;
}

function channelsOf(document: StreamDocument): Offer[] {
  return Object.entries(document.channels.live['x-subscriptions']).map(([name, { summary, permission, filter }]) => ({
    kind: 'channel',
    name,
    summary,
    permission,
    parameters: Object.entries(filter.properties).map(([parameter, schema]) => ({ name: parameter, isRequired: false, description: schema.description ?? '', type: typeText(schema), choices: choicesOf(schema), example: '' })),
    example: document.components.messages[name]?.examples?.[0]?.payload.data,
  }));
}

/** Channels first: they are fewer, and live. */
export const offersOf = (api: ApiDocument, streams: StreamDocument): Offer[] => [...channelsOf(streams), ...endpointsOf(api)];

/** Those that have every word. */
export function found(offers: readonly Offer[], text: string): Offer[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return offers.filter(({ name, summary, kind, permission }) => words.every((word) => `${name} ${summary} ${kind} ${permission}`.toLowerCase().includes(word)));
}

export const nameOfSource = (source: Source): string => (source.kind === 'channel' ? source.channel : source.path);
export const offerOf = (offers: readonly Offer[], source: Source): Offer | undefined => offers.find(({ kind, name }) => kind === source.kind && name === nameOfSource(source));

/** What is typed for the parameters of a source, as text. */
export function typedOf(source: Source): Record<string, string> {
  if (source.kind === 'endpoint') return source.parameters;
  return Object.fromEntries(Object.entries(source.filter).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)]));
}

/** A filter's value as the channel wants it. */
function filterValue({ type }: OfferParameter, text: string): FilterValue {
  if (type.startsWith('list of')) return text.split(',').map((each) => each.trim()).filter(Boolean);
  if (type === 'boolean') return text === 'true';
  const isNumber = /^(integer|number)/.test(type) && Number.isFinite(Number(text));
  return isNumber ? Number(text) : text;
}

/** The source with these parameters; what is empty is left out. */
export function sourceWith(offer: Offer, typed: Record<string, string>, everyS: number): Source {
  const given = offer.parameters.map((parameter) => [parameter, (typed[parameter.name] ?? '').trim()] as const).filter(([, text]) => text !== '');
  if (offer.kind === 'channel') return { kind: 'channel', channel: offer.name, filter: Object.fromEntries(given.map(([parameter, text]) => [parameter.name, filterValue(parameter, text)])) } satisfies ChannelSource;
  return { kind: 'endpoint', path: offer.name, parameters: Object.fromEntries(given.map(([{ name }, text]) => [name, text])), everyS } satisfies EndpointSource;
}

/** The address to ask, and what it still lacks. */
export function targetOf({ path, parameters }: EndpointSource): { path: string; query: Record<string, string>; lacking: string | null } {
  const query = { ...parameters };
  let lacking: string | null = null;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = query[name];
    delete query[name];
    if (!value) lacking ??= name;
    return encodeURIComponent(value ?? '');
  });
  return { path: filled, query, lacking };
}
