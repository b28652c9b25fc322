import { useQuery } from '@tanstack/react-query';
import { allows } from '@/domain/permissions';
import { identity, type Profile } from './identity';
import { useSession } from './session';

export interface Access {
  state: 'asking' | 'stranger' | 'known';
  profile: Profile | null;
  error: Error | null;
  may(permission: string): boolean;
}

/** Who uses this page and what he may do. Strangers cost no request. */
export function useAccess(): Access {
  const mark = useSession((s) => s.mark);
  const { data, error, isPending } = useQuery({
    queryKey: ['access', mark],
    queryFn: ({ signal }) => identity.profile(signal),
    enabled: mark !== '',
    staleTime: 60_000,
  });
  if (mark === '') return { state: 'stranger', profile: null, error: null, may: () => false };
  return {
    state: data ? 'known' : isPending ? 'asking' : 'stranger',
    profile: data ?? null,
    error,
    may: (permission) => allows(data?.permissions ?? [], permission),
  };
}
