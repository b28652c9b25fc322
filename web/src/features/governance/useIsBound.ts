import { useQuery } from '@tanstack/react-query';
import { governance } from '@/api/governance';

/** Whether only proposals change markets; not while the server has not said so. */
export function useIsBound(): boolean {
  const parameters = useQuery({ queryKey: ['governance', 'parameters'], queryFn: ({ signal }) => governance.parameters(signal), staleTime: 30_000 });
  return parameters.data?.rules.binds ?? false;
}
