/**
 * Where something stands in JSON: `feed.slot`, `markets[0].price`, `prices[asset=SOL].index`; `{}` at the end of the rows' path
 * makes a list of an object's members, each `{"name","value"}`.
 */

type Step = { key: string } | { index: number } | { name: string; value: string };

const kStep = /^([^.[\]{}]+)|^\[(\d+)\]|^\[([\w.-]+)=([^\]]*)\]/;

/** Null for what is no path. */
export function parsePath(path: string): Step[] | null {
  const steps: Step[] = [];
  let rest = path;
  while (rest !== '') {
    const match = kStep.exec(rest);
    if (!match) return null;
    if (match[1] !== undefined) steps.push({ key: match[1] });
    else if (match[2] !== undefined) steps.push({ index: Number(match[2]) });
    else steps.push({ name: match[3]!, value: match[4]! });
    rest = rest.slice(match[0].length);
    if (rest.startsWith('.') && rest.length > 1) rest = rest.slice(1);
    else if (rest !== '' && !rest.startsWith('[')) return null;
  }
  return steps;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function stepInto(value: unknown, step: Step): unknown {
  if ('key' in step) {
    if (Array.isArray(value) && /^\d+$/.test(step.key)) return value[Number(step.key)];
    return isObject(value) && Object.hasOwn(value, step.key) ? value[step.key] : undefined;
  }
  if (!Array.isArray(value)) return undefined;
  if ('index' in step) return value[step.index];
  return value.find((item) => String(at(item, step.name)) === step.value);
}

/** What stands there; undefined where nothing does. */
export function at(root: unknown, path: string): unknown {
  const steps = parsePath(path);
  return steps ? steps.reduce(stepInto, root) : undefined;
}

/** The rows of an answer; null where there is no list. */
export function listAt(root: unknown, path: string): unknown[] | null {
  if (path.endsWith('{}')) {
    const members = at(root, path.slice(0, -2));
    return isObject(members) ? Object.entries(members).map(([name, value]) => ({ name, value })) : null;
  }
  const found = at(root, path);
  return Array.isArray(found) ? found : null;
}

export interface Found {
  path: string;
  value: unknown;
}

const kDepthMax = 5;
const kFoundMax = 150;
const kNamesMax = 8;
/** What rows are told apart by, where they have it. */
const kNaming = ['market', 'symbol', 'asset', 'kind', 'name', 'source', 'state', 'id'];

const isFigure = (value: unknown): boolean => value === null || ['string', 'number', 'boolean'].includes(typeof value);
const joined = (path: string, key: string): string => (path ? `${path}.${key}` : key);
const canBeKey = (key: string): boolean => key !== '' && !/[.[\]{}]/.test(key);

/** The figures of a row, or of a whole answer: into lists by the name of their rows where they have one, else the first. */
export function figuresOf(root: unknown, isIntoLists = false): Found[] {
  const found: Found[] = [];
  const walk = (value: unknown, path: string, depth: number): void => {
    if (found.length >= kFoundMax || depth > kDepthMax) return;
    if (isFigure(value)) {
      if (path) found.push({ path, value });
    } else if (Array.isArray(value)) {
      if (isIntoLists || depth > 0) walkList(value, path, depth);
    } else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) if (canBeKey(key)) walk(inner, joined(path, key), depth + 1);
    }
  };
  const walkList = (list: unknown[], path: string, depth: number): void => {
    if (list.length > 0 && list.every(isFigure)) {
      if (isIntoLists || path) list.slice(0, kNamesMax).forEach((value, i) => found.push({ path: `${path}[${i}]`, value }));
      return;
    }
    if (!isIntoLists) return;
    const naming = kNaming.find((name) => list.every((item) => isObject(item) && typeof item[name] === 'string' && !(item[name] as string).includes(']')));
    list.slice(0, naming ? kNamesMax : 1).forEach((item, i) => walk(item, naming ? `${path}[${naming}=${(item as Record<string, string>)[naming]}]` : `${path}[${i}]`, depth + 1));
  };
  if (Array.isArray(root)) walkList(root, '', 0);
  else walk(root, '', 0);
  return found;
}

/** Where lists of rows stand in an answer: real lists first, then objects of figures as lists of their members. */
export function listsOf(root: unknown): { path: string; rows: number }[] {
  const lists: { path: string; rows: number }[] = [];
  const members: { path: string; rows: number }[] = [];
  const walk = (value: unknown, path: string, depth: number): void => {
    if (depth > 3) return;
    if (Array.isArray(value)) {
      lists.push({ path, rows: value.length });
    } else if (isObject(value)) {
      const inner = Object.entries(value);
      if (inner.length > 1 && inner.every(([, each]) => isFigure(each))) members.push({ path: `${path}{}`, rows: inner.length });
      for (const [key, each] of inner) if (canBeKey(key)) walk(each, joined(path, key), depth + 1);
    }
  };
  walk(root, '', 0);
  return [...lists, ...members];
}
