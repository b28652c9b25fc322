/** Permissions are "<capability>.<action>"; a role's patterns have "*" for any of a half. */

export const kActions = ['read', 'trade', 'wallet', 'operate', 'admin'] as const;

const halves = (text: string): [string, string] => {
  const dot = text.indexOf('.');
  return [text.slice(0, dot), text.slice(dot + 1)];
};

/** Whether `pattern` covers `wanted`, itself a permission or a pattern. */
function covers(pattern: string, wanted: string): boolean {
  const [capability, action] = halves(pattern);
  const [wantedCapability, wantedAction] = halves(wanted);
  return (capability === '*' || capability === wantedCapability) && (action === '*' || action === wantedAction);
}

export const allows = (patterns: readonly string[], wanted: string): boolean => patterns.some((pattern) => covers(pattern, wanted));

/** Covered by another of the patterns, so that it need not be chosen. */
export const isImplied = (patterns: readonly string[], wanted: string): boolean =>
  patterns.some((pattern) => pattern !== wanted && covers(pattern, wanted));

/** What `after` allows and `before` does not. */
export const gained = (before: readonly string[], after: readonly string[]): string[] => after.filter((pattern) => !allows(before, pattern));

/** Capabilities that a document of the API or roles name, in order, each once. */
export function capabilitiesOf(permissions: readonly string[]): string[] {
  const names = permissions.map((permission) => halves(permission)[0]).filter((name) => /^[a-z][a-z0-9_]+$/.test(name) && name !== 'public');
  return [...new Set(names)].sort();
}
