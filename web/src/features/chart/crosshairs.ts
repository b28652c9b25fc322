/** Where the charts of a colour group have their crosshair: a moment and, of charts of the same symbol, a price. */
export interface SharedPlace {
  time: number;
  symbol: string;
  price: number | null;
}

type Listener = (place: SharedPlace | null) => void;

const groups = new Map<string, Map<symbol, Listener>>();

/** Joins a group; `tell` reaches all its other members. */
export function joinGroup(group: string, listener: Listener): { tell: Listener; leave: () => void } {
  const me = Symbol(group);
  const members = groups.get(group) ?? new Map<symbol, Listener>();
  groups.set(group, members);
  members.set(me, listener);
  return {
    tell: (place) => {
      for (const [member, hear] of members) if (member !== me) hear(place);
    },
    leave: () => {
      members.delete(me);
      if (members.size === 0) groups.delete(group);
    },
  };
}
